"""Bad inputs with their messages, and good ones with the values read; tables
for test_input.py, which explains their form."""
SECTIONS = {
    "run": 'seed = 7; sweeps = 2000; burn_in = 224;',
    "model": 'name = "ising"; shape = [8, 8];',
    "dynamics": 'name = "metropolis";',
    "ladder": 'temperature = [1.8, 3.0]; rungs = 5;',
    "exchange": 'scheme = "deo"; every = 1;',
    "record": 'every = 10; observables = ["energy", "magnetization"];',
    "checkpoint": 'minutes = 10.0;',
}
TEMPERATURE = 'temperature = [1.8, 3.0]; rungs = 5; '
NO_LADDER = ("ladder: temperature = [from, to] or beta = [from, to] is "
             "missing")
SECTION_LIST = ("no such section; the sections are run, model, dynamics, "
                "ladder, exchange, record, checkpoint")
ENERGY = {"record": 'observables = ["energy"];'}
SEED = "is not an integer from 0 to 18446744073709551615"
MEASURES = ("the model measures: energy, magnetization, abs_magnetization, "
            "magnetization_2, magnetization_4, structure_factor, "
            "correlation, overlap_structure, overlap_correlation, "
            "compressed_entropy")

BAD = [
    # ---- single keys
    ("unknown key, nearest", {"ladder": TEMPERATURE + 'copeis = 2;'}, [],
     ["FILE:4: ladder.copeis: unknown key; did you mean copies?"]),
    ("misspelt key: no second message for its absence",
     {"ladder": 'temprature = [1.8, 3.0];'}, [],
     ["FILE:4: ladder.temprature: unknown key; did you mean temperature?"]),
    ("key of another section", {"exchange": 'observables = ["energy"];'}, [],
     ["FILE:5: exchange.observables: unknown key; did you mean "
      "record.observables?"]),
    ("key like no other", {"exchange": 'zzzzzz = 1;'}, [],
     ["FILE:5: exchange.zzzzzz: unknown key; the keys of exchange are "
      "scheme, every, houdayer"]),
    ("key of no model", {"model": 'name = "ising"; shap = [8, 8];'}, [],
     ["FILE:2: model.shap: unknown key; did you mean shape?"]),
    ("text for an integer", {"ladder": TEMPERATURE + 'copies = "2";'}, [],
     ['FILE:4: ladder.copies: "2" is not an integer']),
    ("real for an integer", {"run": 'sweeps = 2000.0;'}, [],
     ["FILE:1: run.sweeps: 2000.0 is a real number, not an integer"]),
    ("list for an integer", {"run": 'sweeps = [2000];'}, [],
     ["FILE:1: run.sweeps: [2000] is not an integer"]),
    ("group for a text", {"run": 'start = { a = 1; };'}, [],
     ["FILE:1: run.start: {...} is not text in double quotes"]),
    ("integer for a text", {"exchange": 'scheme = 1;'}, [],
     ["FILE:5: exchange.scheme: 1 is not text in double quotes"]),
    ("text without quotes", {"exchange": 'scheme = deo;'}, [],
     ["FILE:5: exchange.scheme: deo is not text in double quotes"]),
    ("number for a flag", {"ladder": TEMPERATURE + 'anchor = 1;'}, [],
     ["FILE:4: ladder.anchor: 1 is neither true nor false"]),
    ("flag for a number", {"model": 'J = true;'}, [],
     ["FILE:2: model.J: true is not a finite number"]),
    ("number for a list", {"model": 'shape = 8;'}, [],
     ["FILE:2: model.shape: 8 is not a list of integers such as [1, 2]"]),
    ("real in a list of integers", {"model": 'shape = [8, 8.5];'}, [],
     ["FILE:2: model.shape: 8.5 is a real number, not an integer"]),
    ("text in a list of numbers", {"ladder": 'beta = [0.1, "1"];'}, [],
     ['FILE:4: ladder.beta: "1" is not a finite number']),
    ("number in a list of texts", {"record": 'observables = ["energy", 2];'},
     [], ["FILE:6: record.observables: 2 is not text in double quotes"]),
    ("J of three axes in two", {"model": 'shape = [4, 4]; '
                                         'J_axis = [1, 1, 2];'}, [],
     ["FILE:2: model.J_axis: 3 couplings for 2 axes"]),
    ("q of one", {"model": 'name = "potts"; q = 1;'}, [],
     ["FILE:2: model.q: 1 is out of range; allowed: 2 to 64"]),
    ("too many directions", {"model": 'name = "clock"; q = 257;'}, [],
     ["FILE:2: model.q: 257 is out of range; allowed: 2 to 256"]),
    ("not a number", {"model": 'J = 1.5.3;'}, [],
     ["FILE:2: model.J: 1.5.3 is not a finite number"]),
    ("infinite", {"model": 'J = 1e400;'}, [],
     ["FILE:2: model.J: 1e400 is beyond the largest number, 1.8e308"]),
    ("nan in a list", {"ladder": 'beta = [nan, 1.0];'}, [],
     ["FILE:4: ladder.beta: nan is not a finite number"]),
    ("inf", {"run": 'wall_minutes = inf;'}, [],
     ["FILE:1: run.wall_minutes: inf is not a finite number"]),
    ("underflow", {"model": 'J = 1e-400;'}, [],
     ["FILE:2: model.J: 1e-400 is below the smallest number, 4.9e-324"]),
    ("beyond 64 bits", {"run": 'sweeps = 99999999999999999999;'}, [],
     ["FILE:1: run.sweeps: 99999999999999999999 does not fit in 64 bits"]),
    ("beyond signed 64 bits", {"run": 'sweeps = 9223372036854775808;'}, [],
     ["FILE:1: run.sweeps: 9223372036854775808 does not fit in 64 bits"]),
    ("seed beyond 64 bits", {"run": 'seed = 18446744073709551616;'}, [],
     ["FILE:1: run.seed: 18446744073709551616 does not fit in 64 bits"]),
    ("negative seed", {"model": 'seed = -1;'}, [],
     ["FILE:2: model.seed: -1 " + SEED]),
    ("below range, with unit", {"run": 'sweeps = -5;'}, [],
     ["FILE:1: run.sweeps: -5 is out of range; allowed: 0 to 1e+15 sweeps"]),
    ("above range, no unit", {"ladder": TEMPERATURE + 'copies = 200000;'}, [],
     ["FILE:4: ladder.copies: 200000 is out of range; allowed: 1 to 100000"]),
    ("real out of range", {"checkpoint": 'minutes = -0.5;'}, [],
     ["FILE:7: checkpoint.minutes: -0.5 is out of range; allowed: 0 to "
      "1000000 min"]),
    ("element out of range", {"model": 'shape = [8, 1];'}, [],
     ["FILE:2: model.shape: 1 is out of range; allowed: 2 to 1000000 sites"]),
    ("word not allowed", {"ladder": TEMPERATURE + 'spacing = "adaptve";'}, [],
     ['FILE:4: ladder.spacing: "adaptve" is unknown; allowed: adaptive, '
      'linear, geometric, list; did you mean "adaptive"?']),
    ("word of a plug-in's key", {"model": 'boundary = "closed";'}, [],
     ['FILE:2: model.boundary: "closed" is unknown; allowed: periodic, '
      'open']),
    ("the model's own check", {"model": 'shape = [2, 2, 2, 2, 2];'}, [],
     ["FILE:2: model.shape: 5 axes; 1 to 4 are allowed"]),
    ("more spins in an interaction than there are",
     {"model": 'name = "p_spin"; N = 3; p = 4;'}, [],
     ["FILE:2: model.p: 4 spins interact; there are 3"]),
    ("too many couplings", {"model": 'name = "p_spin"; N = 4096;'}, [],
     ["FILE:2: model.N: 4096 spins in 1 samples take 137 GB of couplings; at "
      "most 4 GB"]),
    ("too many patterns", {"model": 'name = "hopfield"; N = 14000; '
                                    'alpha = 1.0;', **ENERGY}, [],
     ["FILE:2: model.alpha: 14000 patterns of 14000 spins; their energies "
      "leave 32 bits"]),
    ("no reflections", {"model": 'name = "xy"; shape = [8, 8];', "dynamics":
                        'name = "overrelaxation"; reflections = 0;',
                        "record": 'every = 10;'}, [],
     ["FILE:3: dynamics.reflections: 0 is out of range; allowed: 1 to 1000"]),
    ("a coupling of phi^4 that is not positive",
     {"model": 'name = "phi4"; shape = [8, 8]; g = -1.0;',
      "record": 'every = 10;'}, [],
     ["FILE:2: model.g: -1.0 is out of range; allowed: 1e-06 to "
      "1000000 energy"]),
    ("too much dropout",
     {"model": 'name = "linear";', "record": 'observables = ["energy"];',
      "dynamics": 'name = "sgld"; dropout = 1.0;'}, [],
     ["FILE:3: dynamics.dropout: 1.0 is out of range; allowed: 0 to 0.99"]),
    # ---- names
    ("unknown model: its keys are not judged",
     {"model": 'name = "isin"; foo = 1;'}, [],
     ['FILE:2: model.name: "isin" is unknown; models: MODELS; did you mean '
      '"ising"?']),
    ("unknown dynamics", {"dynamics": 'name = "metroplis"; step = 0.1;'}, [],
     ['FILE:3: dynamics.name: "metroplis" is unknown; dynamics: DYNAMICS; '
      'did you mean "metropolis"?']),
    ("a cut in a field, in other units",
     {"model": 'name = "graph"; couplings = "cut"; h = 2.0; '
               'units = "binary";'}, [],
     ["FILE:2: model.h: a cut has no field",
      'FILE:2: model.units: a cut is one of spins; give "spin"']),
    ("samples in 0/1 units, a site held up and down",
     {"model": 'name = "graph"; samples = 2; units = "binary"; '
               'clamp_up = [3, 4]; clamp_down = [4];'}, [],
     ['FILE:2: model.samples: with units = "binary" one sample a run; others '
      'by first_sample',
      "FILE:2: model.clamp_down: site 4 is in clamp_up too"]),
    ("fewer sweeps a pass than points",
     {"run": 'protocol = "annealing"; pass_sweeps = 3;',
      "record": 'every = 1;', "exchange": None,
      "ladder": "beta = [0.1, 0.5]; rungs = 4; anchor = false;"}, [],
     ["FILE:1: run.pass_sweeps: 3, but the schedule has 4 points, those of "
      "the anchor included: a sweep for each at least"]),
    ("a stream that fits no kernel",
     {"model": "shape = [3, 3];", "dynamics": 'name = "heatbath"; '
                                              'stream = "site";'}, [],
     ['FILE:3: dynamics.stream: "site" does not fit here: <*>: one-lattice '
      'kernels take 2D and 3D lattices whose sizes are all even; "auto" '
      'always fits']),
    ("no such graph", {"model": 'name = "graph"; N = 5;'}, [],
     ["FILE:2: random_regular: 5 sites of degree 3: every edge has two ends, "
      "so one of the two must be even"]),
    ("weights of what is no cut",
     {"model": 'name = "graph";', "record": 'observables = ["cut"];'}, [],
     ['FILE:6: record.observables: "cut": the graph holds no weights to '
      'cut']),
    ("clusters in a field", {"model": "h = 0.5;",
                             "dynamics": 'name = "wolff";'}, [],
     ["FILE:3: dynamics.name: dynamics wolff needs facet bond; model ising "
      "does not offer it with a field"]),
    ("an anchor for what is conserved",
     {"dynamics": 'name = "kawasaki";', "ladder": TEMPERATURE +
      "anchor = true;"}, [],
     ["FILE:4: ladder.anchor: dynamics kawasaki conserves the number of "
      "sites of each value: no point is exact for it"]),
    ("anchor rungs for what is conserved",
     {"dynamics": 'name = "kawasaki";', "run": 'start = "ordered";',
      "ladder": TEMPERATURE + "anchor_rungs = 3;"}, [],
     ['FILE:1: run.start: dynamics kawasaki conserves the number of sites '
      'of each value: it starts "random" or from states/last',
      "FILE:4: ladder.anchor_rungs: dynamics kawasaki conserves the number "
      "of sites of each value: no point is exact for it"]),
    ("unknown protocol", {"run": 'protocol = "temperng";'}, [],
     ['FILE:1: run.protocol: "temperng" is unknown; protocols: PROTOCOLS; '
      'did you mean "tempering"?']),
    ("unknown kernel", {"dynamics": 'kernel = "refrence";'}, [],
     ['FILE:3: dynamics.kernel: "refrence" is unknown; allowed: auto, '
      'reference<*>; did you mean "reference"?']),
    ("unknown start", {"run": 'start = "radnom";'}, [],
     ['FILE:1: run.start: "radnom" is unknown; allowed: '
      'OUT.h5:/states/last, OUT.h5:/minima/N or one of: random, ordered, '
      'planted; did you mean "random"?']),
    ("no planted state", {"run": 'start = "planted";'}, [],
     ["FILE:1: run.start: model ising has no planted state"]),
    ("unknown observable",
     {"record": 'observables = ["energy", "magnetisation"];'}, [],
     ['FILE:6: record.observables: "magnetisation" is unknown; ' + MEASURES +
      '; did you mean "magnetization"?']),
    ("observable twice", {"record": 'observables = ["energy", "energy"];'},
     [], ['FILE:6: record.observables: "energy" is given twice']),
    # ---- keys against keys
    ("no ladder", {"ladder": 'rungs = 5;'}, [], ["FILE:4: " + NO_LADDER]),
    ("no ladder section", {"ladder": None}, [], ["FILE: " + NO_LADDER]),
    ("temperature and beta", {"ladder": TEMPERATURE + 'beta = [0.1, 1.0];'},
     [], ["FILE:4: ladder.beta: temperature is given too; give one of "
          "them"]),
    ("temperature and points",
     {"ladder": TEMPERATURE + 'components = ["beta"]; '
      'points = ((0.0), (1.0));'}, [],
     ["FILE:4: ladder.temperature: components and points are given too; "
      "give one of the two forms"]),
    ("three ends", {"ladder": 'beta = [0.1, 0.2, 0.3];'}, [],
     ['FILE:4: ladder.beta: 3 numbers; [from, to], or spacing = "list"']),
    ("temperature 0", {"ladder": 'temperature = [0, 3];'}, [],
     ["FILE:4: ladder.temperature: a temperature must be > 0; beta = 0 is "
      "infinite temperature, beta < 0 negative"]),
    ("one rung, two ends", {"ladder": 'beta = [0.1, 1.0]; rungs = 1;'}, [],
     ["FILE:4: ladder.rungs: 1 rung for two different ends; at least 2"]),
    ("rungs at one temperature", {"ladder": 'beta = [0.4, 0.4]; rungs = 4;'},
     [], ["FILE:4: ladder.rungs: 4 rungs at one beta; say rungs = 1, or "
          "different ends"]),
    ("list that turns", {"ladder": 'beta = [0.1, 0.3, 0.2]; '
                                   'spacing = "list";'}, [],
     ["FILE:4: ladder.beta: a list must rise or fall all along, but 0.3 is "
      "followed by 0.2"]),
    ("list with a repetition", {"ladder": 'beta = [0.3, 0.2, 0.2]; '
                                          'spacing = "list";'}, [],
     ["FILE:4: ladder.beta: a list must rise or fall all along, but 0.2 is "
      "followed by 0.2"]),
    ("list and rungs", {"ladder": 'beta = [0.1, 0.2]; spacing = "list"; '
                                  'rungs = 3;'}, [],
     ["FILE:4: ladder.rungs: 3, but ladder.beta lists 2"]),
    ("geometric from zero", {"ladder": 'beta = [0.0, 1.0]; '
                                       'spacing = "geometric";'}, [],
     ['FILE:4: ladder.beta: spacing "geometric" needs both ends on one side '
      'of zero']),
    ("beta of both signs", {"ladder": 'beta = [-1.0, 1.0];'}, [],
     ["FILE:4: ladder.beta: beta changes sign; rungs are ordered by |beta|: "
      "make it two runs"]),
    ("adaptive without burn-in", {"run": 'burn_in = 31;'}, [],
     ['FILE:4: ladder.spacing: spacing "adaptive" needs run.burn_in >= 32']),
    ("points alone", {"ladder": 'points = ((0.0), (1.0));'}, [],
     ["FILE:4: ladder.points: components and points go together"]),
    ("unknown component", {"ladder": 'components = ["betta"]; '
                                     'points = ((0.0), (1.0));'}, [],
     ['FILE:4: ladder.components: "betta" is no component of model ising; '
      'did you mean "beta"?']),
    ("width of points", {"ladder": 'components = ["beta"]; '
                                   'points = ((0.0, 1.0), (1.0, 1.0));'}, [],
     ["FILE:4: ladder.points: 2 numbers a point for 1 component"]),
    ("ragged points", {"ladder": 'components = ["beta"]; '
                                 'points = ((0.0, 1.0), (1.0));'}, [],
     ["FILE:4: ladder.points: point 2 has 1 numbers, the first has 2"]),
    ("path that turns back", {"ladder": 'components = ["beta"]; '
                              'points = ((0.0), (1.0), (0.5));'}, [],
     ["FILE:4: ladder.points: the path turns back at point 2"]),
    ("states between rows", {"record": 'every = 10; states_every = 15;'}, [],
     ["FILE:6: record.states_every: 15 is not a multiple of record.every = "
      "10"]),
    # ---- several at once
    ("all in one pass", {"run": 'sweeps = "many"; sede = 3;',
                         "model": 'J = strong;',
                         "exchange": 'every = 0;'}, ["ladder.rungs=abc"],
     ['FILE:1: run.sweeps: "many" is not an integer',
      "FILE:1: run.sede: unknown key; did you mean seed?",
      "FILE:2: model.J: strong is not a finite number",
      "command line: ladder.rungs=abc: abc is not an integer",
      "FILE:5: exchange.every: 0 is out of range; allowed: 1 to 1000000000 "
      "sweeps"]),
    ("keys given twice", {"run": 'sweeps = 1; seed = 1; sweeps = 2;',
                          "model": 'J = 1.0; J = 2.0;'}, [],
     ["FILE:1: run.sweeps: given twice; first in line 1",
      "FILE:2: model.J: given twice; first in line 2"]),
    # ---- overrides
    ("override without =", {}, ["rungs"],
     ["command line: rungs: an override is section.key=value"]),
    ("override without section", {}, ["rungs=6"],
     ["command line: rungs=6: " + SECTION_LIST +
      "; did you mean ladder.rungs?"]),
    ("override of a section", {}, ["model=ising"],
     ["command line: model=ising: an override is section.key=value"]),
    ("override of an unknown section", {}, ["laddr.rungs=6"],
     ["command line: laddr.rungs=6: " + SECTION_LIST +
      "; did you mean ladder?"]),
    ("override of an unknown key", {}, ["ladder.rnugs=6"],
     ["command line: ladder.rnugs=6: unknown key; did you mean rungs?"]),
    ("override without value", {}, ["ladder.rungs="],
     ["command line: ladder.rungs=: a value is missing"]),
    ("override of the wrong type", {}, ["record.observables=[energy]"],
     ["command line: record.observables=[energy]: energy is not text in "
      "double quotes"]),
    ("override out of range", {}, ["ladder.rungs=0"],
     ["command line: ladder.rungs: 0 is out of range; allowed: 1 to "
      "100000"]),
    ("override of a model's key", {}, ["model.J=1e400"],
     ["command line: model.J=1e400: 1e400 is beyond the largest number, "
      "1.8e308"]),
    ("override of a name", {}, ["model.name=isin"],
     ['command line: model.name: "isin" is unknown; models: MODELS; did you '
      'mean "ising"?']),
]

# Whole files: (what, bytes, messages). The first syntax error alone.
WHOLE = [
    ("no '='", b"run = {\n sweeps 5;\n};\n",
     ["FILE:2: expected '=' after sweeps"]),
    ("no '=' of a section", b"run { sweeps = 5; };\n",
     ["FILE:1: expected '=' after run"]),
    ("no value", b"run = {\n sweeps = ;\n};\n",
     ["FILE:2: a value is missing after sweeps ="]),
    ("no value before the next key", b"run = {\n sweeps =\n seed = 1;\n};\n",
     ["FILE:3: a value is missing after sweeps ="]),
    ("two values", b"run = {\n sweeps = 5 6;\n};\n",
     ["FILE:2: unexpected 6 after 5; is a ';' missing?"]),
    ("thousands", b"run = {\n sweeps = 20,000;\n};\n",
     ["FILE:2: unexpected 000; expected key = value;"]),
    ("no comma", b"ladder = { beta = [0.1 0.2]; };\n",
     ["FILE:1: unexpected 0.2 after 0.1; is a ',' missing?"]),
    ("comma at the end", b"ladder = { beta = [0.1, 0.2,]; };\n",
     ["FILE:1: unexpected ]; expected a value"]),
    ("lists in square brackets", b"ladder = { points = [[0], [1]]; };\n",
     ["FILE:1: lists in a list are written ((0.0, 1.0), (1.0, 0.0))"]),
    ("a list without key", b"ladder = { rungs = 3; [0, 1] };\n",
     ["FILE:1: unexpected [; expected key = value;"]),
    ("two semicolons", b"run = { seed = 1;; };\n",
     ["FILE:1: unexpected ;; expected key = value;"]),
    ("brace left open", b"run = {\n sweeps = 5;\n\n\n",
     ["FILE:1: this '{' is never closed"]),
    ("brace too many", b"run = { sweeps = 5; };\n};\n",
     ["FILE:2: '}' closes nothing"]),
    ("brackets crossed", b"ladder = { beta = [0.1, 0.2); };\n",
     ["FILE:1: ')' does not close the '[' of line 1"]),
    ("quote left open", b'run = {\n start = "random;\n};\n',
     ["FILE:2: the text \"random; has no closing '\"'"]),
    ("comment left open", b"run = { sweeps = 5; };\n\n/* a\nb\n",
     ["FILE:3: the comment /* is never closed"]),
    ("include", b'@include "other.cfg"\n',
     ["FILE:1: @include is not supported: one file holds the whole input"]),
    ("a section that is none", b"run = 5;\nladder = { beta = [0, 1]; };\n",
     ["FILE:1: run: a section is written run = { key = value; };"]),
    ("sections", b"sweeps = 5;\nlader = { beta = [0, 1]; };\n",
     ["FILE:1: sweeps: " + SECTION_LIST + "; did you mean run.sweeps?",
      "FILE:2: lader: " + SECTION_LIST + "; did you mean ladder?",
      "FILE: " + NO_LADDER]),
    ("empty", b"", ["FILE: an empty file; an input has sections such as run "
                    "= { sweeps = 20000; };"]),
    ("blank", b" \n\n", ["FILE: an empty file; an input has sections such as "
                         "run = { sweeps = 20000; };"]),
    ("binary", b"run = {\0\1\2};", ["FILE: not a text file"]),
    ("control byte", b"run = { \x01 };\n", ["FILE:1: byte 0x01 is not text"]),
    ("HDF5", b"\x89HDF\r\n\x1a\n" + b"\0" * 99,
     ["FILE: an HDF5 file, not an input; give the .cfg file"]),
    ("large", b"# filler\n" * 200000,
     ["FILE: too large for an input (1 MB at most)"]),
]

# (what, changed sections, overrides, {section.key: text expected})
GOOD = [
    ("mixed array", {"ladder": 'temperature = [1.8, 3]; rungs = 5;'}, [],
     {"ladder.temperature": "[1.8, 3.0]"}),
    ("keys of over-relaxation",
     {"model": 'name = "xy"; shape = [8, 8];', "record": 'every = 10;',
      "dynamics": 'name = "overrelaxation"; reflections = 5;'}, [],
     {"dynamics.reflections": "5"}),
    ("dropout",
     {"model": 'name = "linear";', "record": 'observables = ["energy"];',
      "dynamics": 'name = "sgld"; dropout = 0.25;'}, [],
     {"dynamics.dropout": "0.25"}),
    ("integer for a real", {"model": 'J = -2; h = 3;'}, [],
     {"model.J": "-2.0", "model.h": "3.0"}),
    ("J of each axis", {"model": 'shape = [8, 8]; J_axis = [1, -0.5];'}, [],
     {"model.J_axis": "[1.0, -0.5]"}),
    ("q at its bounds", {"model": 'name = "potts"; q = 64;'}, ["model.q=2"],
     {"model.q": "2"}),
    ("large integers", {"run": 'sweeps = 5000000000; '
                               'seed = 18446744073709551615;'}, [],
     {"run.sweeps": "5000000000L", "run.seed": "18446744073709551615"}),
    ("seed at the sign", {"run": 'seed = 9223372036854775808;'}, [],
     {"run.seed": "9223372036854775808"}),
    ("L, hexadecimal, exponent", {"run": 'sweeps = 5000000000L; '
                                         'seed = 0xFFFFFFFFFFFFFFFF; '
                                         'burn_in = 1e4;'}, [],
     {"run.sweeps": "5000000000L", "run.seed": "18446744073709551615",
      "run.burn_in": "10000"}),
    ("comments", {"run": '/* seed = 1; { " */ seed = 3; # } " [\n'
                         '// "sweeps = 4;\n sweeps = 5/* 6 */;'}, [],
     {"run.seed": "3", "run.sweeps": "5"}),
    ("text with marks of comments", {"run": r'start = '
                                     r'"a//b #\"1\" /*:/states/last";'}, [],
     {"run.start": r'"a//b #\"1\" /*:/states/last"'}),
    ("neighbouring texts", {"run": 'start = "run" ".h5" ":/states/last";'},
     [], {"run.start": '"run.h5:/states/last"'}),
    ("no semicolons, colons", {"exchange": 'scheme : "seo" every : 3'}, [],
     {"exchange.scheme": '"seo"', "exchange.every": "3"}),
    ("TRUE", {"ladder": TEMPERATURE + 'anchor = TRUE;'}, [],
     {"ladder.anchor": "true"}),
    ("anchor not given stays so", {}, [], {"ladder.anchor": None}),
    ("round brackets", {"model": 'shape = (4, 6);'}, [],
     {"model.shape": "[4, 6]"}),
    ("a list counts its rungs", {"ladder": 'beta = [0.5, 0.3, 0.1]; '
                                           'spacing = "list";'}, [],
     {"ladder.rungs": "3", "ladder.beta": "[0.5, 0.3, 0.1]"}),
    ("one temperature", {"ladder": 'temperature = [2.0]; rungs = 1;'}, [],
     {"ladder.temperature": "[2.0]"}),
    ("two rungs, no burn-in", {"run": 'burn_in = 0;',
                               "ladder": 'beta = [0.1, 0.2]; rungs = 2;'},
     [], {"run.burn_in": "0"}),
    ("a planted start", {"run": 'start = "planted";', "model":
                         'name = "hopfield"; N = 64; alpha = 0.1;', **ENERGY},
     [], {"run.start": '"planted"', "model.alpha": "0.1"}),
    ("17 digits", {"ladder": 'beta = [0.1000000000000000055, '
                             '0.44068679350977147]; rungs = 2;'}, [],
     {"ladder.beta": "[0.1, 0.44068679350977147]"}),
    ("tiny and plain", {"model": 'h = 1000;',
                        "checkpoint": 'minutes = 5e-324;'}, [],
     {"model.h": "1000.0", "checkpoint.minutes": "5.0e-324"}),
    ("overrides win, the last one most", {},
     ["ladder.rungs=7", "ladder.rungs=9", "run.seed=18446744073709551615"],
     {"ladder.rungs": "9", "run.seed": "18446744073709551615"}),
    ("override of text, raw and quoted", {},
     ["run.start=my file.h5:/states/last", 'exchange.scheme="seo"'],
     {"run.start": '"my file.h5:/states/last"', "exchange.scheme": '"seo"'}),
    ("override of lists", {}, ["ladder.temperature=[1, 2.5]",
                               'record.observables=["energy"]'],
     {"ladder.temperature": "[1.0, 2.5]", "record.observables":
      '["energy"]'}),
    ("byte order mark, CRLF", {"run": '\r\n seed = 4;\r\n', "bom": True}, [],
     {"run.seed": "4"}),
]
