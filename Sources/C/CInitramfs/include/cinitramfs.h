// What lifeboot-init needs before Swift's runtime starts. It is linked into that program alone.
#pragma once

/// Whether what follows was done: `/proc` is mounted, and Swift's hashing waits for no entropy.
int cinitramfs_is_prepared(void);
