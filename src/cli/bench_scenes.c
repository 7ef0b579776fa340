/* What `tempera bench` times. peer: updates/ns of the best other code that
   does the same work, measured on one core of a Zen 3 at 3.2 GHz with AVX2:
   textbook loops, multi-spin codes (Isakov et al. 2015), annealers; PyTorch. */
#include "cli/bench_parts.h"

#define METROPOLIS .dynamics = "metropolis"
#define ISING(shape_) .model = "ising", .key = {{"shape", shape_}}
#define ISING_FIELD(shape_)                                                  \
    .model = "ising", .key = {{"shape", shape_}, {"h", "0.1"}}
/* 256 walkers as the main job has them: 8 copies of 32 rungs, of which 16 are
   anchor rungs from lambda = 0 on. */
#define LANES(name_, beta_)                                                  \
    .name = name_, .family = "lanes", .stream = STREAM_LANE, .lanes = 256,   \
    .rungs = 32, .beta = beta_
#define SITES(name_, beta_)                                                  \
    .name = name_, .family = "sites", .stream = STREAM_SITE, .lanes = 1,     \
    .rungs = 2, .beta = beta_
#define WORD(name_, family_, beta_)                                          \
    .name = name_, .family = family_, .stream = STREAM_WORD, .lanes = 32,    \
    .rungs = 1, .beta = beta_, .cold = true, METROPOLIS
/* 32 walkers at temperatures round the transition. */
#define XY(name_)                                                            \
    .name = name_, .family = "rotors", .stream = STREAM_WORD, .lanes = 32,   \
    .rungs = 33, .beta = 1.12, .model = "xy", .key = {{"shape", "[32, 32]"}}
#define EA16(samples_)                                                       \
    .model = "edwards_anderson",                                             \
    .key = {{"shape", "[16, 16, 16]"}, {"samples", samples_}}
#define GRAPH(degree_, couplings_)                                           \
    .model = "graph",                                                        \
    .key = {{"N", "2000"}, {"degree", degree_}, {"couplings", couplings_}}
#define PERCEPTRON(inputs_, examples_)                                       \
    .model = "perceptron",                                                   \
    .key = {{"N", inputs_}, {"examples", examples_}, {"labels", "random"}}
#define LEARN(model_, key_, value_)                                          \
    .model = model_,                                                         \
    .key = {{"N", "1023"}, {"examples", "1024"}, {"labels", "random"},       \
            {key_, value_}}

#define SPHERE(inputs_, examples_)                                           \
    .model = "perceptron",                                                   \
    .key = {{"N", inputs_}, {"examples", examples_}, {"labels", "random"},   \
            {"weights", "spherical"}}

/* A gradient of the second layer's inputs, too, but not of the first's. */
#define FLOPS(examples, in, hidden, out)                                     \
    (2.0 * examples * (2.0 * in * hidden + 3.0 * hidden * out))
#define NETWORK .family = "reference", .stream = STREAM_WORD, .rungs = 1,    \
    .beta = 1.0, .cold = true, .model = "mlp"
#define MLP_100                                                              \
    NETWORK, .flops = FLOPS(4096, 100, 256, 1), .dynamics = "langevin",      \
    .move = {{"step", "1e-6"}},                                              \
    .key = {{"N", "100"}, {"layers", "[256]"}, {"examples", "4096"},         \
            {"labels", "random"}}
#define MLP_784                                                              \
    NETWORK, .flops = FLOPS(512, 784, 256, 10), .dynamics = "sgld",          \
    .move = {{"step", "1e-6"}, {"batch", "512"}},                            \
    .key = {{"N", "784"}, {"layers", "[256]"}, {"classes", "10"},            \
            {"examples", "2048"}, {"labels", "random"}}

const struct bench_scene bench_scenes[] = {
    {ISING("[32, 32]"), .name = "2d-32", .family = "reference",
     .stream = STREAM_LANE, .lanes = 4, .rungs = 2, .beta = 0.44, METROPOLIS,
     .every_kernel = true},
    {LANES("2d-32", 0.55), ISING("[32, 32]"), METROPOLIS,
     .every_kernel = true},
    {LANES("2d-64", 0.55), ISING("[64, 64]"), METROPOLIS},
    {LANES("2d-32-threads", 0.55), ISING("[32, 32]"), METROPOLIS,
     .team = true},
    {LANES("2d-32-field", 0.55), ISING_FIELD("[32, 32]"), METROPOLIS,
     .every_kernel = true},
    {LANES("2d-32-heatbath", 0.55), ISING("[32, 32]"),
     .dynamics = "heatbath"},
    {LANES("2d-64-exchange", 0.55), ISING("[64, 64]"), METROPOLIS,
     .exchange = true},
    {LANES("3d-16", 0.3), ISING("[16, 16, 16]"), METROPOLIS,
     .every_kernel = true},
    {LANES("ea3d-16-exchange", 1.0), EA16("8"), METROPOLIS, .exchange = true,
     .peer = 1.9},
    {LANES("graph-3", 1.0), GRAPH("3", "pm1"), METROPOLIS, .peer = 0.27},
    {LANES("graph-6", 1.0), GRAPH("6", "pm1"), METROPOLIS, .peer = 0.27},
    {.name = "ea3d-16", .family = "shared", .stream = STREAM_SHARED,
     .lanes = 512, .rungs = 2, .beta = 1.0, .cold = true, EA16("256"),
     METROPOLIS, .every_kernel = true, .peer = 8.6},
    {.name = "ea3d-16-exchange", .family = "shared",
     .stream = STREAM_SHARED, .lanes = 4096, .rungs = 16, .beta = 1.0,
     EA16("256"), METROPOLIS, .exchange = true, .peer = 8.6},
    {SITES("2d-4096", 0.44), ISING("[4096, 4096]"), METROPOLIS,
     .every_kernel = true, .peer = 0.20},
    {SITES("2d-4096-threads", 0.44), ISING("[4096, 4096]"), METROPOLIS,
     .team = true},
    {SITES("2d-4096-field", 0.44), ISING_FIELD("[4096, 4096]"), METROPOLIS},
    {SITES("2d-4096-heatbath", 0.44), ISING("[4096, 4096]"),
     .dynamics = "heatbath"},
    {SITES("2d-512", 0.44), ISING("[512, 512]"), METROPOLIS,
     .every_kernel = true},
    {.name = "2d-512-exchange", .family = "sites", .stream = STREAM_SITE,
     .lanes = 16, .rungs = 8, .beta = 0.44, .cold = true, .hottest = 0.43,
     ISING("[512, 512]"), METROPOLIS, .exchange = true},
    {SITES("3d-256", 0.22), ISING("[256, 256, 256]"), METROPOLIS,
     .every_kernel = true},
    {SITES("3d-256-threads", 0.22), ISING("[256, 256, 256]"), METROPOLIS,
     .team = true},
    {WORD("graph-3", "replicas", 1.0), GRAPH("3", "pm1"),
     .every_kernel = true, .peer = 0.27},
    {WORD("graph-6", "replicas", 1.0), GRAPH("6", "pm1"), .peer = 0.27},
    {WORD("graph-6-float", "replicas", 1.0), GRAPH("6", "gaussian"),
     .every_kernel = true, .peer = 0.27},
    {WORD("graph-20-float", "replicas", 1.0), GRAPH("20", "gaussian"),
     .peer = 0.06},
    {WORD("sk-1024", "fields", 2.0), .model = "sk", .key = {{"N", "1024"}},
     .every_kernel = true, .warm = 300, .peer = 0.028},
    {WORD("1024-cold", "perceptron", 4.0), PERCEPTRON("1023", "1024"),
     .every_kernel = true, .warm = 200},
    {WORD("1024-warm", "perceptron", 1.0), PERCEPTRON("1023", "1024"),
     .warm = 200},
    {WORD("1024-hot", "perceptron", 0.2), PERCEPTRON("1023", "1024")},
    {WORD("hinge-1024", "examples", 4.0), LEARN("perceptron", "loss", "hinge"),
     .every_kernel = true, .warm = 10},
    {WORD("normal-1024", "examples", 4.0),
     LEARN("perceptron", "inputs", "gaussian"), .warm = 10},
    {WORD("committee-1024", "examples", 4.0), LEARN("committee", "K", "3"),
     .warm = 10},
    {WORD("sphere-100", "reference", 4.0), SPHERE("100", "200"), .warm = 10},
    {WORD("sphere-1000", "reference", 4.0), SPHERE("1000", "2000")},
    {XY("xy-2d-32"), METROPOLIS, .every_kernel = true},
    {XY("xy-2d-32-overrelaxation"), .dynamics = "overrelaxation",
     .reflections = 100, .every_kernel = true},
    {XY("xy-2d-32-mixed"), .dynamics = "overrelaxation", .reflections = 3},
    {MLP_100, .name = "mlp-100-256-1", .lanes = 1, .peer = 66e-9},
    {MLP_100, .name = "mlp-100-256-1-threads", .lanes = 1, .team = true},
    {MLP_784, .name = "mlp-784-256-10", .lanes = 1, .peer = 126e-9},
    {MLP_784, .name = "mlp-784-256-10-threads", .lanes = 2, .team = true},
    {.name = NULL}};
