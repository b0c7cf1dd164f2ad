#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <isa-l/igzip_lib.h>

// What inflates a gzip stream. The library's own structure has arrays that are too large for Swift's tuples.
typedef struct cigzip cigzip_t;

// Begins with the header of a member; NULL without memory.
static inline cigzip_t *cigzip_create(void) {
    struct inflate_state *state = malloc(sizeof(*state));
    if (!state) return NULL;
    isal_inflate_init(state);
    state->crc_flag = ISAL_GZIP;
    return (cigzip_t *)state;
}

// Begins with the header of the next member.
static inline void cigzip_reset(cigzip_t *inflater) {
    struct inflate_state *state = (struct inflate_state *)inflater;
    isal_inflate_reset(state);
    state->crc_flag = ISAL_GZIP;
}

// Inflates until the input is used, the output is full, or the member with its checksum ends; negative for what is damaged.
// Both pairs of place and length move on.
static inline int cigzip_inflate(
    cigzip_t *inflater, const uint8_t **input, uint32_t *input_left, uint8_t **output, uint32_t *output_left) {
    struct inflate_state *state = (struct inflate_state *)inflater;
    state->next_in = (uint8_t *)*input;
    state->avail_in = *input_left;
    state->next_out = *output;
    state->avail_out = *output_left;
    int status = isal_inflate(state);
    *input = state->next_in;
    *input_left = state->avail_in;
    *output = state->next_out;
    *output_left = state->avail_out;
    return status;
}

// Whether the member has ended and all of it was given out.
static inline bool cigzip_has_ended(const cigzip_t *inflater) {
    return ((const struct inflate_state *)inflater)->block_state == ISAL_BLOCK_FINISH;
}

static inline void cigzip_free(cigzip_t *inflater) { free(inflater); }
