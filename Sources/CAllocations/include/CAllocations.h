#pragma once
#include <stdint.h>

/// How many blocks the process has taken from the heap so far, each growth of a block included.
uint64_t callocations_count(void);

/// How many bytes the process has asked for so far.
uint64_t callocations_bytes(void);
