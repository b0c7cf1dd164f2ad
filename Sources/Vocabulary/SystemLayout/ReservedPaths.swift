package import SystemPackage

/// The paths that a layout must not mount anything over: what runs before anybody is asked, or says who is trusted.
///
/// Paths are compared as they are: whoever mounts resolves links in the root first and asks again.
package enum ReservedPaths {
    /// Folders that belong to the system with everything in them.
    private static let trees: [FilePath] = [
        // What the kernel or the initramfs mounts.
        "/proc", "/sys", "/dev", "/run", "/lifeboot",
        // Programs and libraries, whether the root has them merged into /usr or not.
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32",
        // Kernels, loaders, and the image's own configuration.
        "/boot", "/efi", "/system",
        // Keys, policy and health checks; what systemd runs before any unit (systemd.generator(7), systemd.environment-generator(7)).
        "/etc/lifeboot", "/etc/systemd/system-generators", "/etc/systemd/system-environment-generators",
    ]
    /// The one folder below `/usr` that is the machine's and not the image's (FHS 3.0, 4.9); cOS keeps persistent data there.
    private static let local: FilePath = "/usr/local"
    /// Where `local` has what `/usr` and `/etc` have elsewhere.
    private static let localTrees: [FilePath] = ["/usr/local/lib/systemd"]

    /// Whether nothing may be mounted at an absolute path.
    package static func contain(_ path: FilePath) -> Bool {
        if path.components.isEmpty { return true }
        if path.starts(with: local) { return localTrees.contains { path.starts(with: $0) } }
        return trees.contains { path.starts(with: $0) }
    }

    /// Whether a filesystem of its own may not stand in for a folder: unlike an overlay it hides all that the image has there.
    package static func containVolume(_ path: FilePath) -> Bool {
        contain(path) || path == "/etc" || path.starts(with: "/etc/systemd")
    }
}
