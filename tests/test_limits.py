#!/usr/bin/env python3
"""Theory that is no law for the data (an open lattice, infinite theory): in
the report, in JSON, in the file, and no part of theory or verdict."""

import h5py
import numpy as np

import runs
from runs import call, ok, report, run


def main():
    runs.scratch()
    runs.write("open.cfg", sweeps=2000, shape="[20, 20]")
    run("open.cfg", "model.boundary=open", "-o", "open.h5")
    out = report("open.h5")
    ok(list(out["limits"]) == ["onsager"] and not out["theory"],
       "beside the data, not theory of them", out["theory"])
    beside = out["limits"]["onsager"]
    ok("1/L" in beside["caveat"] and "Onsager" in beside["source"],
       "caveat and source", beside)
    names = set(beside["quantities"])
    ok({"energy", "specific_heat", "ln_z", "entropy"} <= names and
       not any("_ti" in n or "_mbar" in n for n in names), "quantities",
       names)
    data = np.array(out["estimates"]["energy"]["mean"])
    theory = np.array(beside["quantities"]["energy"]["mean"])
    gap = data - theory
    # 40 of 800 bonds are missing, and what is next to them is looser
    ok((gap[1:] > 0).all() and gap.max() < 0.5, "edges cost energy", gap)
    ok(not any("onsager" in reason for reason in out["verdict"]["reasons"]),
       "no part of the verdict")
    text = call("report", "open.h5").stdout
    ok("beside the data" in text and "differs by about 1/L" in
       " ".join(text.split()), "in words", text)
    with h5py.File("open.h5") as file:
        group = file["limits/onsager"]
        ok(np.allclose(group["energy/mean"], theory) and
           group.attrs["caveat"].decode() == beside["caveat"]
           if isinstance(group.attrs["caveat"], bytes)
           else group.attrs["caveat"] == beside["caveat"], "in the file")
    run("open.cfg", "model.boundary=open", "run.sweeps=2100", "-o",
        "open.h5")
    with h5py.File("open.h5") as file:
        ok(len(file["limits"]) == 0, "gone when the run goes on")
    run("open.cfg", "-o", "torus.h5")
    out = report("torus.h5")
    ok(not out["limits"] and "energy" in out["theory"],
       "a torus has its own theory")
    runs.done()


main()
