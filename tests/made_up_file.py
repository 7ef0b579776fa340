"""An output file as doc/FORMAT describes it, made up: for tests of analysis/.

N free spins in a field, whose mean, heat and entropy are known; walkers that
really swap (DEO) with a known probability on each edge; estimates are theory
plus noise of the stated size.
"""
import h5py
import numpy as np

SITES = 1024
INPUT = """run = {
    protocol = "tempering";
    sweeps = 20000;
};
model = {
    name = "%s";
    shape = [32, 32];
    J = 1.0;
    h = 0.0;
};
"""


def walk(rungs, copies, steps, chance, seed):
    """DEO: [step][copy][rung] walkers, attempts and accepts [edge], round
    trips hot-cold-hot [copy][walker]."""
    rng = np.random.default_rng(seed)
    walker = np.tile(np.arange(rungs), (copies, 1))
    path = np.empty((steps, copies, rungs), np.int32)
    attempts, accepts = np.zeros((2, rungs - 1), np.int64)
    trips = np.zeros((copies, rungs), np.int32)
    stage = np.zeros((copies, rungs), int)  # 1: hot seen, 2: then cold
    for step in range(steps):
        path[step] = walker
        for copy in range(copies):
            hot, cold = walker[copy, 0], walker[copy, -1]
            trips[copy, hot] += stage[copy, hot] == 2
            stage[copy, hot] = 1
            if stage[copy, cold] == 1:
                stage[copy, cold] = 2
            for edge in range(step % 2, rungs - 1, 2):
                attempts[edge] += 1
                if rng.random() < chance[edge]:
                    accepts[edge] += 1
                    walker[copy, [edge, edge + 1]] = \
                        walker[copy, [edge + 1, edge]]
    return path, attempts, accepts, trips


def free_spins(beta):
    """mean, per site; ln Z and entropy extensive."""
    u, c = -np.tanh(beta), (beta / np.cosh(beta)) ** 2
    ln_z = SITES * np.log(2 * np.cosh(beta))
    return {"energy": u, "specific_heat": c, "ln_z": ln_z,
            "entropy": ln_z + beta * SITES * u}


def write(path, beta, first, truth=free_spins, copies=2, steps=4000, every=5,
          estimates=True, theory=True, exchange=True, name="free_spins",
          extra=()):
    """A file like the program's. extra: {quantity: (mean, unit)}."""
    rng = np.random.default_rng(5)
    rungs = len(beta)
    rows = steps // every
    values = truth(np.asarray(beta))
    width = np.sqrt(values["specific_heat"] * SITES) / np.maximum(beta, 1e-3)
    u = (SITES * values["energy"] + np.nan_to_num(width) *
         rng.standard_normal((rows, copies, 1, rungs)))
    chance = np.clip(0.9 - 0.5 * np.sin(np.arange(rungs - 1)) ** 2, 0, 1)
    walks = walk(rungs, copies, steps, chance, 3)
    tau = 2 + 60 * values["specific_heat"] ** 3
    with h5py.File(path, "w", libver="earliest") as file:
        file.attrs.update(format="tempera", program_version="0.0",
                          created="2026-01-01T00:00:00Z", complete=1)
        file.create_dataset("input", data=INPUT % name)
        ladder = file.create_dataset("ladder/lambda",
                                     data=np.reshape(beta, (rungs, 1)))
        ladder.attrs["names"] = ["beta"]
        ladder.attrs["first_requested"] = first
        series = file.create_group("series")
        series["sweep"] = every * np.arange(1, rows + 3)  # 2 not committed
        series.attrs.update(rows=rows, model=name, sites=SITES,
                            dynamics="metropolis", exact=1)
        series["u"] = np.pad(u, ((0, 2), (0, 0), (0, 0), (0, 0)))[..., None]
        series["u"].attrs["unit"] = "energy"
        series["energy"] = u / SITES
        series["magnetization"] = rng.standard_normal(u.shape) / 30
        for item, unit in (("energy", "energy"), ("magnetization", "1")):
            series[item].attrs.update(unit=unit, per_site=True)
        file.create_group("windows")
        if exchange:
            file["exchange/walker"] = walks[0][every - 1::every, :, None]
            file["exchange/attempts"] = walks[1][None]
            file["exchange/accepts"] = walks[2][None]
            file["exchange/round_trips"] = walks[3][:, None]
        shown = {key: (value, {"energy": "energy"}.get(key, "1"), value)
                 for key, value in values.items()}
        shown["specific_heat_mbar"] = shown["specific_heat"]
        shown["magnetization"] = (-values["energy"], "1", None)
        for key, (value, unit) in dict(extra).items():
            shown[key] = (value, unit, None)
        for key, (value, unit, known) in shown.items():
            error = 0.002 * (np.abs(value) + 0.02 * np.ptp(value) + 1e-2)
            group = "estimates/%s/" % key
            if estimates:
                file[group + "mean"] = value + error * rng.standard_normal(
                    rungs)
                file[group + "error"] = error
                file[group + "tau_int"] = tau * (3 if key[0] == "m" else 1)
                file[group + "n_eff"] = steps / (2 * tau)
                file[group].attrs["unit"] = unit
            if estimates and theory and known is not None and \
                    "mbar" not in key:
                file["theory/%s/mean" % key] = known
                file["theory/%s/error" % key] = np.zeros(rungs)
                file["theory/%s/source" % key] = "free spins"
        if estimates:
            file["estimates/entropy"].attrs["reference"] = "counting"
            file["estimates"].attrs["verdict"] = "ok"
    return walks
