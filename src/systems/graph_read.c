/* Opens a file of a graph and finds out its format. */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "systems/graph_parts.h"

enum format { FORMAT_AUTO, FORMAT_RUDY, FORMAT_MTX, FORMAT_QUBO, FORMAT_HDF5,
              FORMATS };

static const char *const formats[FORMATS + 1] = {"auto", "rudy", "mtx",
                                                 "qubo", "hdf5"};

static const struct { const char *text; enum format format; } endings[] = {
    {".rudy", FORMAT_RUDY}, {".rud", FORMAT_RUDY}, {".mc", FORMAT_RUDY},
    {".mtx", FORMAT_MTX}, {".qubo", FORMAT_QUBO}, {".h5", FORMAT_HDF5},
    {".hdf5", FORMAT_HDF5}};

static bool ends_with(const char *file, const char *ending)
{
    size_t length = strlen(file), end = strlen(ending);
    return length > end && !strcasecmp(file + length - end, ending);
}

/* What the first line says: two numbers rudy, three qubo. */
static enum format format_of_line(struct graph_source *source)
{
    source->comment = "#%";
    bool there = graph_line(source);
    if (there && !source->word[0][strspn(source->word[0], "cp")])
        return FORMAT_QUBO;
    if (there && (source->words == 2 || source->words == 3))
        return source->words == 2 ? FORMAT_RUDY : FORMAT_QUBO;
    if (there)
        graph_complain(source, source->number, "cannot tell the format: "
                       "expected \"n m\" (rudy), \"%%%%MatrixMarket ...\" "
                       "(mtx), \"p qubo ...\" or \"i j q\" (qubo), HDF5; or "
                       "say format = \"...\"");
    else if (!source->complaints)
        graph_complain(source, -1, "is empty: expected a graph in one of "
                       "the formats rudy, mtx, qubo, hdf5");
    return FORMAT_AUTO;
}

/* Marks that cannot be mistaken, then the name, then the first line. */
static enum format find_format(struct graph_source *source)
{
    char head[32] = "";
    size_t got = fread(head, 1, sizeof head - 1, source->in);
    const char *text = strncmp(head, "\xef\xbb\xbf", 3) ? head : head + 3;
    graph_rewind(source);
    if (got >= 8 && !memcmp(head, "\x89HDF\r\n\x1a\n", 8))
        return FORMAT_HDF5;
    if (!strncasecmp(text, "%%MatrixMarket", 14))
        return FORMAT_MTX;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_with(source->file, endings[i].text))
            return endings[i].format;
    enum format format = format_of_line(source);
    graph_rewind(source);
    return format;
}

static bool open_file(struct graph_source *source)
{
    struct stat about;
    bool there = !stat(source->file, &about);
    if (there && !S_ISREG(about.st_mode)) {
        graph_complain(source, -1, "is %s: expected a file that holds a "
                       "graph", S_ISDIR(about.st_mode) ? "a directory"
                                                       : "no regular file");
        return false;
    }
    source->in = there ? fopen(source->file, "r") : NULL;
    if (!source->in)
        graph_complain(source, -1, "cannot open it: %s", strerror(errno));
    source->bytes = there ? (int64_t)about.st_size : 0;
    return source->in;
}

static enum format named(struct graph_source *source, const char *format)
{
    for (int f = 0; f < FORMATS; f++)
        if (!strcmp(formats[f], format))
            return (enum format)f;
    graph_complain(source, -1, "format \"%.20s\" is not known: there are "
                   "auto, rudy, mtx, qubo, hdf5", format);
    return FORMATS;
}

static struct graph *read_as(struct graph_source *source, enum format format)
{
    if (format == FORMAT_RUDY)
        return graph_read_rudy(source);
    if (format == FORMAT_MTX)
        return graph_read_mtx(source);
    if (format == FORMAT_QUBO)
        return graph_read_qubo(source);
    fclose(source->in);
    source->in = NULL;
    return graph_read_hdf5(source);
}

struct graph *graph_read(const char *file, const char *format,
                         struct err *err)
{
    struct graph_source source = {.file = file, .err = err};
    struct graph *graph = NULL;
    enum format as = named(&source, format);
    if (as != FORMATS && open_file(&source)) {
        if (as == FORMAT_AUTO)
            as = find_format(&source);
        if (as != FORMAT_AUTO)
            graph = read_as(&source, as);
    }
    graph_source_release(&source);
    assert(!graph == !!source.complaints);
    return graph;
}
