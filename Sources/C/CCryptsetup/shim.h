#pragma once
#include <libcryptsetup.h>
#include <stdint.h>

// Macros with a cast in them, which Swift does not import.
static const uint32_t ccryptsetup_readonly = CRYPT_ACTIVATE_READONLY;
static const uint32_t ccryptsetup_restart_on_corruption = CRYPT_ACTIVATE_RESTART_ON_CORRUPTION;
static const uint32_t ccryptsetup_check_hash = CRYPT_VERITY_CHECK_HASH;
static const uint32_t ccryptsetup_no_benchmark = CRYPT_PBKDF_NO_BENCHMARK;
