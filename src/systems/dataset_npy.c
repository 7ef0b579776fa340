/* npy, versions 1 to 3: mark, version, length of the header, a header that is
   a Python dictionary, the values. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "systems/dataset_parts.h"

enum { HEADER_MOST = 1 << 16 };

static const char expected[] =
    "expected {'descr': '<f8', 'fortran_order': False, 'shape': (examples, "
    "inputs), }";

/* What follows 'key': in the header; NULL with a message. */
static const char *entry(struct dataset_source *source, const char *header,
                         const char *key)
{
    const char *at = strstr(header, key);
    at = at ? at + strlen(key) : "";
    at += strspn(at, " ");
    if (*at == ':')
        return at + 1 + strspn(at + 1, " ");
    dataset_fail(source, 10, "the header has no %s: %s", key, expected);
    return NULL;
}

static void read_type(struct dataset_source *source, const char *at)
{
    bool good = strlen(at) > 5 && at[0] == '\'' && at[4] == '\'' &&
                strchr("<|", at[1]) && strchr("fiu", at[2]) &&
                strchr("1248", at[3]);
    int size = good ? at[3] - '0' : 0;
    struct err_word shown = err_show(at);
    shown.text[strcspn(shown.text, ",")] = 0;
    if (!good || (at[2] == 'f' && size < 4) || (at[1] == '|' && size > 1))
        dataset_fail(source, 10, "type %s: expected little-endian '<f4' or "
                     "'<f8', or whole numbers '|i1' '<i2' '<i4' '<i8' '|u1' "
                     "'<u2' '<u4' '<u8'", shown.text);
    source->values.kind = at[2];
    source->values.size = size;
    source->values.divide = 1;
}

static void read_order(struct dataset_source *source, const char *at)
{
    if (!strncmp(at, "True", 4))
        dataset_fail(source, 10, "the array is in Fortran order: expected C "
                     "order, numpy.save(file, numpy.ascontiguousarray(x))");
    else if (strncmp(at, "False", 5))
        dataset_fail(source, 10, "'fortran_order' is neither True nor False: "
                     "%s", expected);
}

/* "(3, 4)", "(3,)", "()"; the number of axes, -1 with a message. A size too
   large for any file stays that. */
static int read_shape(struct dataset_source *source, const char *at,
                      int64_t size[DATASET_AXES])
{
    int axes = 0;
    bool good = *at == '(';
    at += good;
    while (good && *(at += strspn(at, " ")) != ')') {
        good = axes < DATASET_AXES && *at >= '0' && *at <= '9';
        for (; good && *at >= '0' && *at <= '9'; at++)
            if (size[axes] < INT64_MAX / 10 - 1)
                size[axes] = 10 * size[axes] + (*at - '0');
        axes++;
        at += *at == 'L'; /* of Python 2 */
        at += strspn(at, " ");
        good = good && (*at == ',' || *at == ')');
        at += *at == ',';
    }
    if (!good)
        dataset_fail(source, 10, "'shape' is no list of at most %d sizes: %s",
                     DATASET_AXES, expected);
    return good ? axes : -1;
}

static void read_header(struct dataset_source *source, const char *header)
{
    int64_t size[DATASET_AXES] = {0};
    const char *type = entry(source, header, "'descr'");
    if (type)
        read_type(source, type);
    const char *order = entry(source, header, "'fortran_order'");
    if (order)
        read_order(source, order);
    const char *shape = entry(source, header, "'shape'");
    int axes = shape ? read_shape(source, shape, size) : -1;
    if (!source->bad)
        dataset_fills(source, axes, size);
}

void dataset_open_npy(struct dataset_source *source)
{
    unsigned char head[12] = {0};
    size_t got = fread(head, 1, sizeof head, source->in);
    int64_t length = head[8] | head[9] << 8, first = 10;
    if (got < 10 || memcmp(head, "\x93NUMPY", 6)) {
        dataset_fail(source, 0, "no mark of an npy file: expected \\x93NUMPY, "
                     "as numpy.save writes");
        return;
    }
    if (head[6] < 1 || head[6] > 3) {
        dataset_fail(source, 6, "version %d of npy: expected 1, 2 or 3",
                     head[6]);
        return;
    }
    if (head[6] > 1) {
        length |= (int64_t)head[10] << 16 | (int64_t)head[11] << 24;
        first = 12;
    }
    if (length > HEADER_MOST || first + length > source->bytes) {
        dataset_fail(source, 8, "a header of %lld bytes: expected at most %d, "
                     "and no more than the file of %lld bytes has",
                     (long long)length, HEADER_MOST,
                     (long long)source->bytes);
        return;
    }
    char *header = mem_new((size_t)length + 1, 1);
    bool good = !fseeko(source->in, first, SEEK_SET) &&
                fread(header, 1, (size_t)length, source->in) ==
                    (size_t)length;
    source->values.first = first + length;
    if (good)
        read_header(source, header);
    else
        dataset_fail(source, -1, "cannot read it");
    free(header);
}
