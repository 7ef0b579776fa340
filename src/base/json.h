/* Writes JSON: one object or array at a time, commas and escapes taken care
   of. Non-finite numbers become null. */
#ifndef TEMPERA_BASE_JSON_H
#define TEMPERA_BASE_JSON_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* {.out = stdout}; nothing to free. */
struct json {
    FILE *out;
    int depth;
    bool comma[32]; /* does the next value at this depth need one? */
    bool keyed;     /* a key was just written */
};

void json_open(struct json *json, char bracket);  /* '{' or '[' */
void json_close(struct json *json, char bracket); /* '}' or ']' */
void json_key(struct json *json, const char *key);
void json_text(struct json *json, const char *text); /* NULL: null */
void json_real(struct json *json, double value);
void json_integer(struct json *json, int64_t value);
void json_flag(struct json *json, bool value);
void json_reals(struct json *json, const double *values, int count);

/* key and value at once */
void json_put_text(struct json *json, const char *key, const char *text);
void json_put_real(struct json *json, const char *key, double value);
void json_put_integer(struct json *json, const char *key, int64_t value);
void json_put_flag(struct json *json, const char *key, bool value);
void json_put_reals(struct json *json, const char *key,
                    const double *values, int count);

#endif
