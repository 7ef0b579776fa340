/* Arrays that make up a state: one row an array. */
#ifndef TEMPERA_BASE_FIELD_H
#define TEMPERA_BASE_FIELD_H

enum field_type { FIELD_INT8, FIELD_UINT8, FIELD_INT32, FIELD_FLOAT,
                  FIELD_DOUBLE };

struct field {
    const char *name;      /* dataset /states/<name> */
    enum field_type type;
    int components;        /* of vectors: the last axis; 0: plain numbers */
    const char *definition;
};

static inline unsigned field_size(enum field_type type)
{
    return type == FIELD_INT8 || type == FIELD_UINT8 ? 1
           : type == FIELD_DOUBLE                     ? 8 : 4;
}

#endif
