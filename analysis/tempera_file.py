"""A tempera output file in Python: what its schema says, no model by name.

    from tempera_file import Output
    out = Output("ising2d.h5")
    out.estimates["energy"].mean              [rung], with .error, .tau_int
    out.theory["energy"].mean                 [rung], with .error, .source
    out.limits["sk_rs"]["energy"].mean        [rung]: no law for these data,
                                              see out.caveats["sk_rs"]
    x = out.axis()                            T, or lambda; x.values [rung]
    out.series("u")                           [time][copy][sample][rung][K]
    out.vectors["structure_factor"].mean      [rung][size], likewise
    out.heights("energy")                     [(what it is, [rung])]: lines
    out.windows["energy"]                     (mean, error) [window][rung]
    accept = out.acceptance()                 [edge]
    barrier(accept)                           [rung], 0 at the hot end

Rung 0 is the hot end. Rungs before out.first are the anchor: the program
added them, the user asked for the others. Opening is safe while the run that
writes the file is alive: no lock is taken, and only committed rows are read.
"""
import collections
import os
import re

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")  # before h5py
import h5py  # noqa: E402
import numpy as np  # noqa: E402

Quantity = collections.namedtuple(
    "Quantity", "mean error tau_int n_eff unit definition per_site source")
Vector = collections.namedtuple("Vector", "mean error unit axis")
Axis = collections.namedtuple("Axis", "values label name log")
Guide = collections.namedtuple("Guide", "of says power values")
Best = collections.namedtuple("Best", "u seconds hits of_u")

FLOW_NUMBERS = 8_000_000  # walker numbers read at most: bounds the memory


def text(value, default=""):
    """A string attribute or scalar dataset, however it was stored."""
    if value is None:
        return default
    if isinstance(value, np.ndarray):
        value = value.ravel()[0] if value.size else default
    return value.decode() if isinstance(value, bytes) else str(value)


def texts(value):
    """A list of strings: an array, or one string with commas."""
    if value is None:
        return []
    if isinstance(value, np.ndarray) and value.ndim:
        return [text(v) for v in value]
    return [word.strip() for word in text(value).split(",") if word.strip()]


def barrier(acceptance):
    """Communication barrier from the hot end to each rung: the sum of the
    rejection rates (Syed et al., JRSS B 84 (2022) 321). An edge without
    attempts adds nothing."""
    rejection = 1 - np.asarray(acceptance, float)
    return np.concatenate([[0], np.cumsum(np.nan_to_num(rejection))])


def rung_of_walker(walker):
    """Inverts /exchange/walker: [...][rung] of walkers to [...][walker] of
    rungs."""
    return np.argsort(walker, axis=-1, kind="stable")


def hot_fraction(rung):
    """[rung]: among the walkers seen there that have been at an end of the
    ladder before, the fraction whose last end was the hot one. From 1 to 0;
    a sudden drop is where walkers turn back. rung: [time]...[walker]."""
    rungs = rung.shape[-1]
    rung = rung.reshape(len(rung), -1)
    at_end = (rung == 0) | (rung == rungs - 1)
    row = np.where(at_end, np.arange(len(rung))[:, None], -1)
    row = np.maximum.accumulate(row, axis=0)  # of the last visit; -1: none
    last = np.take_along_axis(rung, np.maximum(row, 0), axis=0)
    known = row >= 0
    count = np.bincount(rung[known], minlength=rungs)
    hot = np.bincount(rung[known & (last == 0)], minlength=rungs)
    return np.divide(hot, count, out=np.full(rungs, np.nan),
                     where=count > 0)


class Output:
    """The small parts of a file, read at once; series on demand."""

    def __init__(self, path):
        self.path = path
        with self.open() as file:
            self.attributes = dict(file.attrs)
            if "ladder/lambda" not in file:
                raise ValueError("it has no /ladder/lambda")
            ladder = file["ladder/lambda"]
            self.ladder = np.asarray(ladder, float).reshape(len(ladder), -1)
            self.names = texts(ladder.attrs.get("names"))
            if len(self.names) != self.ladder.shape[1]:
                self.names = ["lambda_%d" % k
                              for k in range(self.ladder.shape[1])]
            first = int(ladder.attrs.get("first_requested", 0))
            self.first = min(max(first, 0), len(self.ladder) - 1)
            self.rungs = len(self.ladder)
            self._read_series(file)
            self._read_input(file)
            self.estimates = self._quantities(file, "estimates")
            self.theory = self._quantities(file, "theory")
            self.limits = {name: self._quantities(file, "limits/" + name)
                           for name in file.get("limits", {})}
            self.caveats = {name: text(group.attrs.get("caveat"))
                            for name, group in file.get("limits",
                                                        {}).items()}
            self.vectors = self._vectors(file)
            self._read_verdict(file)
            self._read_exchange(file)
            self._read_guides(file)
            self._read_best(file)
            windows = file.get("windows", {})
            self.windows = {name: (group["mean"][...], group["error"][...])
                            for name, group in windows.items()
                            if name != "sweeps"}
            self.window_sweeps = (windows["sweeps"][...] if self.windows
                                  else np.empty((0, 2)))

    def open(self):
        try:
            return h5py.File(self.path, "r", locking=False)
        except (TypeError, ValueError):  # old h5py or HDF5: the environment
            return h5py.File(self.path, "r")

    # ---- reading ------------------------------------------------------------

    def _read_series(self, file):
        group = file.get("series", {})
        self.about = dict(group.attrs) if group else {}
        self.recorded = [name for name in group if name != "sweep"]
        self.series_attributes = {name: dict(group[name].attrs)
                                  for name in self.recorded}
        self.series_shape = {name: group[name].shape
                             for name in self.recorded}
        rows = [len(group[name]) for name in group]
        if "exchange/walker" in file and self.rungs > 1:
            rows.append(len(file["exchange/walker"]))
        if "rows" in self.about:  # later rows are not yet committed
            rows.append(int(self.about["rows"]))
        self.rows = min(rows, default=0)
        self.sweep = (group["sweep"][:self.rows] if "sweep" in group
                      else np.arange(1, self.rows + 1))
        self.unit = text(self._attribute(file, "unit", "series/u"))
        self.site = text(self._attribute(file, "site", "series")) or "site"
        self.sites = self._attribute(file, "sites", "/", "series",
                                     "series/u", "estimates")

    @staticmethod
    def _attribute(file, name, *places):
        for place in places:
            if place in file and name in file[place].attrs:
                return file[place].attrs[name]
        return None

    def _read_input(self, file):
        """Of the effective input the model section and run.start."""
        self.input = ""
        if isinstance(file.get("input"), h5py.Dataset):
            self.input = text(file["input"][()])
        elif "input" in file.attrs:
            self.input = text(file.attrs["input"])
        section = re.search(r"^\s*model\s*[=:]\s*\{(.*?)\}", self.input,
                            re.S | re.M)
        keys = re.findall(r"^\s*(\w+)\s*[=:]\s*(.*?);",
                          section.group(1).replace(";", ";\n"),
                          re.M) if section else []
        self.model = {key: " ".join(value.strip('"').split())
                      for key, value in keys}
        start = re.search(r'\bstart\s*[=:]\s*"(.*?)"', self.input)
        self.start = start.group(1) if start else ""
        self.lattice = [int(n) for n in
                        re.findall(r"\d+", self.model.get("shape", ""))]

    def _quantities(self, file, where):
        """{name: Quantity} of all groups that have a mean on every rung."""
        found = {}
        for name, group in file.get(where, {}).items():
            if not isinstance(group, h5py.Group) or "mean" not in group:
                continue
            column = {}
            for part in ("mean", "error", "tau_int", "n_eff"):
                data = (np.asarray(group[part], float) if part in group
                        else np.full(self.rungs, np.nan))
                if data.size == self.rungs:
                    column[part] = data.reshape(self.rungs)
            if len(column) < 4:
                continue
            about = {**self.series_attributes.get(name, {}),
                     **group["mean"].attrs, **group.attrs}
            source = group.get("source")
            source = about.get("source") if source is None else source[()]
            found[name] = Quantity(
                unit=text(about.get("unit")), source=text(source),
                definition=text(about.get("definition")),
                per_site=bool(about.get("per_site", False)), **column)
            if "reference" in about:
                self.attributes["reference"] = text(about["reference"])
            if "sites" in about and self.sites is None:
                self.sites = about["sites"]
        return found

    def _vectors(self, file):
        """{name: Vector} of the estimates with several numbers a rung."""
        found = {}
        for name, group in file.get("estimates", {}).items():
            mean = group.get("mean") if isinstance(group, h5py.Group) else None
            if mean is None or mean.ndim != 2 or len(mean) != self.rungs:
                continue
            about = {**self.series_attributes.get(name, {}), **group.attrs}
            found[name] = Vector(mean[...], group["error"][...],
                                 text(about.get("unit")),
                                 text(about.get("axis")))
        return found

    def _read_verdict(self, file):
        """("ok" or "not ok" or "", [reason]), as the report stored it."""
        places = ("estimates", "/")
        verdict = self._attribute(file, "verdict", *places)
        if verdict is None:
            verdict = self._attribute(file, "verdict_ok", *places)
        word = text(verdict).strip().lower()
        self.verdict = ("" if not word else "ok"
                        if word in ("1", "ok", "true") else "not ok")
        reasons = self._attribute(file, "reasons", *places)
        if isinstance(reasons, np.ndarray):
            self.reasons = texts(reasons)
        else:
            self.reasons = [text(reasons)] if text(reasons) else []

    def _read_exchange(self, file):
        group = file.get("exchange", {})
        places = group["walker"].shape[-1] if "walker" in group else 0
        self.has_walkers = self.rungs > 1 and places == self.rungs
        # points of a schedule, rows that are passes: no walker has a rung
        self.scheduled = 0 < places < self.rungs
        self.attempts, self.accepts, self.round_trips = (
            np.asarray(group[name]) if name in group else None
            for name in ("attempts", "accepts", "round_trips"))

    def _read_guides(self, file):
        self.guides = [
            Guide(text(line.attrs["of"]), text(line.attrs["says"]),
                  float(line.attrs["power"]), np.asarray(line[()], float))
            for line in file.get("guides", {}).values()]

    def _read_best(self, file):
        """Of the first sample: the least u that was met, when, by how many
        walkers; of_u {name: (a, b)} says it as a + b u."""
        group = file.get("anneal", {})
        self.best = None
        if "best_u" in group and np.isfinite(group["best_u"][0]):
            self.best = Best(
                float(group["best_u"][0]), float(group["first_hit_s"][0]),
                int(group["hits"][0]),
                {name: tuple(line[...])
                 for name, line in group.get("of_u", {}).items()})

    # ---- what the numbers mean ----------------------------------------------

    def series(self, name):
        """The committed rows of /series/<name>."""
        with self.open() as file:
            return file["series"][name][:self.rows]

    def heights(self, name):
        """[(what it is, [rung])] of the lines to draw beside a quantity."""
        return [(guide.says, guide.values) for guide in self.guides
                if name in (guide.of, guide.of + "_path") and
                guide.values.size == self.rungs]

    def transitions(self):
        """[(what it is, place)] on the axis."""
        axis = self.axis()
        places = [(says, values[0]) for name in self.names
                  if axis.name in ("T", name)
                  for says, values in self.heights(name)]
        return [(says, 1 / x if axis.name == "T" else x)
                for says, x in places]

    def is_zero(self, name):
        """Odd quantities: compatible with zero on every rung."""
        q = self.estimates[name]
        known = np.isfinite(q.mean) & np.isfinite(q.error)
        return bool(np.all(np.abs(q.mean[known]) <= 4 * q.error[known]))

    def growth(self):
        """The Guide that says how lengths grow after a quench, or None."""
        return next((guide for guide in self.guides
                     if guide.power and guide.of in self.recorded), None)

    def acceptance(self):
        """[edge] accepted over attempted swaps, all samples; None without
        exchange, NaN for an edge never tried."""
        edges = self.rungs - 1
        if self.attempts is None or self.accepts is None or not edges or \
           self.attempts.size % edges or not self.attempts.size:
            return None
        attempts = self.attempts.reshape(-1, edges).sum(axis=0)
        accepts = self.accepts.reshape(-1, edges).sum(axis=0)
        return np.divide(accepts, attempts, out=np.full(edges, np.nan),
                         where=attempts > 0)

    def trajectories(self):
        """[time][copy * sample][walker] rungs, of as many (copy, sample) and
        last rows as a bounded memory holds; None without exchange."""
        if not self.has_walkers or not self.rows:
            return None
        with self.open() as file:
            walker = file["exchange/walker"]
            rows = min(self.rows, max(1, FLOW_NUMBERS // self.rungs))
            room = max(1, FLOW_NUMBERS // (rows * self.rungs))
            samples = min(walker.shape[2], room)
            copies = min(walker.shape[1], max(1, room // samples))
            walker = walker[self.rows - rows:self.rows, :copies, :samples]
        return rung_of_walker(walker.reshape(rows, -1, self.rungs))

    def axis(self):
        """What to draw against, for every rung: T if beta is all there is;
        else the one component that varies; else the rung's number."""
        asked = self.ladder[self.first:]
        moving = np.flatnonzero(np.ptp(asked, axis=0) > 0)
        if self.names == ["beta"] and np.all(asked > 0):
            with np.errstate(divide="ignore"):
                T = 1 / self.ladder[:, 0]
            unit = "%s, " % self.unit if self.unit not in ("", "1") else ""
            return Axis(T, "temperature $T$  [%s$k_B = 1$]" % unit, "T",
                        T[self.first] > 10 * T[-1])
        if len(moving) == 1 or self.ladder.shape[1] == 1:
            k = moving[0] if len(moving) else 0
            name = self.names[k]  # lambda . u has no unit
            unit = ("  [1/%s]" % self.unit if self.ladder.shape[1] == 1 and
                    self.unit not in ("", "1") else "")
            return Axis(self.ladder[:, k], name + unit, name, False)
        return Axis(np.arange(self.rungs, dtype=float),
                    "rung along the path (%s)" % ", ".join(self.names),
                    "rung", False)
