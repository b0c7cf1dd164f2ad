#pragma once
#include <sqfs/block.h>
#include <sqfs/block_processor.h>
#include <sqfs/block_writer.h>
#include <sqfs/compressor.h>
#include <sqfs/data_reader.h>
#include <sqfs/dir.h>
#include <sqfs/dir_reader.h>
#include <sqfs/dir_writer.h>
#include <sqfs/error.h>
#include <sqfs/frag_table.h>
#include <sqfs/id_table.h>
#include <sqfs/inode.h>
#include <sqfs/io.h>
#include <sqfs/meta_reader.h>
#include <sqfs/meta_writer.h>
#include <sqfs/predef.h>
#include <sqfs/super.h>
#include <sqfs/table.h>
#include <sqfs/xattr.h>
#include <sqfs/xattr_writer.h>

// An output file as the library calls it back: the base comes first, so that a pointer to one is a pointer to the other.
typedef struct {
    sqfs_file_t base;
    int descriptor;
    // The error number of the last call that failed; the library only passes on that one did.
    int error;
    // Where the filesystem ends so far; the file itself may be longer, because it is preallocated.
    uint64_t size;
} csquashfs_file_t;
