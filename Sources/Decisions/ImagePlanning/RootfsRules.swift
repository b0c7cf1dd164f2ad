package import Faults

/// Decides what becomes of each file of a root filesystem on its way into an image.
package enum RootfsRules {
    /// What becomes of a file.
    package enum Action: Equatable, Sendable {
        /// It goes into the root image.
        case keep
        /// It is left out.
        case drop
        /// It is left out and may become the image's kernel.
        case kernel(KernelVersion)
        /// It is left out and may become the image's initrd.
        case initrd(KernelVersion)
    }

    /// What kind of file it is, as far as the rules care.
    package enum Kind: Sendable {
        /// A regular file.
        case regular
        /// A symbolic link.
        case symbolicLink
        /// Anything else.
        case other
    }

    /// Folders that the running system mounts things on or writes to, with their permissions; made when missing, because
    /// a read-only root cannot get them later.
    package static let mountPoints: [(path: String, permissions: UInt16)] = [
        ("boot", 0o755), ("dev", 0o755), ("etc", 0o755), ("home", 0o755), ("mnt", 0o755), ("oem", 0o755),
        ("opt", 0o755), ("proc", 0o555), ("root", 0o700), ("run", 0o755), ("srv", 0o755), ("sys", 0o555),
        ("tmp", 0o1777), ("var", 0o755),
    ]

    /// Files whose content names the system, the first that is there wins (os-release(5)).
    package static let osReleases = ["etc/os-release", "usr/lib/os-release"]

    /// Files that can be the first process, as the kernel and systemd look for them.
    package static let inits = [
        "sbin/init", "usr/sbin/init", "usr/lib/systemd/systemd", "lib/systemd/systemd", "etc/init", "bin/init",
        "usr/bin/init",
    ]

    /// The agent that mounts the root of this image (docs/boot-protocol.md).
    package static let agents = ["usr/lib/lifeboot/lifeboot-init", "lib/lifeboot/lifeboot-init"]

    /// The file by which an image refuses to be booted with a signature of the machine alone.
    package static let localRefusal = "usr/lib/lifeboot/refuse-local-images"

    /// Folders and files that an initramfs has copies of, beside the modules of its kernel: the agent, its settings and
    /// keys, and what dracut and modprobe read.
    package static let initrdSources = [
        "usr/lib/lifeboot/", "etc/lifeboot/", "usr/lib/dracut/", "etc/dracut.conf", "etc/modprobe.d/",
        "usr/lib/modprobe.d/", "etc/modules-load.d/", "etc/crypttab", "usr/lib/systemd/systemd",
    ]

    /// The kernel version whose modules lie at a path: their folder, or what is in it; nil for all other paths.
    package static func moduleVersion(path: String, isFolder: Bool = false) -> KernelVersion? {
        let parts = path.split(separator: "/")
        let tail = parts.first == "usr" ? parts.dropFirst() : parts[...]
        guard tail.count >= (isFolder ? 3 : 4), tail.starts(with: ["lib", "modules"]) else { return nil }
        return KernelVersion(String(tail[tail.startIndex + 2]))
    }

    /// Says whether an initramfs for a kernel has a copy of the file of that path.
    package static func isInInitrd(path: String, version: KernelVersion) -> Bool {
        moduleVersion(path: path) == version || initrdSources.contains { path.hasPrefix($0) }
    }

    /// Folders of the keys that the agent in this image trusts.
    package static let keyFolders = ["usr/lib/lifeboot/keys", "etc/lifeboot/keys"]

    /// Links at the root to what `/boot` holds.
    private static let bootLinks = ["vmlinuz", "vmlinuz.old", "initrd.img", "initrd.img.old"]

    /// Decides about the file of that path, relative to the root without leading slash.
    package static func action(path: String, kind: Kind) -> Action {
        if ContainerLeftovers.note(ofMark: path) != nil { return .drop }
        let parts = path.split(separator: "/")
        if parts.count == 1, kind == .symbolicLink, bootLinks.contains(path) { return .drop }
        if parts.first == "boot", parts.count > 1 {
            return parts.count == 2 && kind == .regular ? bootFile(parts[1]) : .drop
        }
        let tail = parts.first == "usr" ? parts.dropFirst() : parts[...]
        guard tail.count == 4, tail.starts(with: ["lib", "modules"]), kind != .other, let name = tail.last else {
            return .keep
        }
        return moduleFile(name, KernelVersion(String(tail[tail.startIndex + 2])), kind)
    }

    /// Says whether a regular file of that path may become the image's kernel or its initrd.
    package static func isBootFile(path: String) -> Bool {
        switch action(path: path, kind: .regular) {
        case .kernel, .initrd: true
        case .keep, .drop: false
        }
    }

    /// Says whether a regular file of that path may become the image's kernel.
    package static func isKernel(path: String) -> Bool {
        if case .kernel = action(path: path, kind: .regular) { true } else { false }
    }

    /// Says whether the file of that path is a key that the agent would trust: `*.pem` and `*.pub` in the two folders.
    package static func isKey(path: String) -> Bool {
        isInKeyFolder(path: path) && (path.hasSuffix(".pem") || path.hasSuffix(".pub"))
    }

    /// Says whether a path lies directly in one of the two folders of keys.
    package static func isInKeyFolder(path: String) -> Bool {
        guard let slash = path.lastIndex(of: "/") else { return false }
        return keyFolders.contains(String(path[..<slash]))
    }

    /// Layout files of an image; the first that is there counts.
    package static let layouts = ["etc/lifeboot/layout.yaml", "usr/lib/lifeboot/layout.yaml"]

    /// Says whether a file is one of the image's own files of configuration, of which stages are made.
    package static func isConfiguration(path: String) -> Bool {
        path.hasPrefix("system/oem/") && !path.hasPrefix("system/oem/overlays/")
            && (path.hasSuffix(".yaml") || path.hasSuffix(".yml"))
    }

    /// Says whether the content of a file is needed as a whole, to make the manifest or for a check.
    package static func isText(path: String) -> Bool {
        osReleases.contains(path) || layouts.contains(path) || path == "etc/fstab" || isInKeyFolder(path: path)
            || isConfiguration(path: path)
    }

    private static func bootFile(_ name: Substring) -> Action {
        if let version = BootFileName.kernel(name) { return .kernel(version) }
        return BootFileName.initrd(name).map { .initrd($0) } ?? .drop
    }

    private static func moduleFile(_ name: Substring, _ version: KernelVersion, _ kind: Kind) -> Action {
        switch name {
        case "vmlinuz", "Image": kind == .regular ? .kernel(version) : .drop
        case "initrd", "initrd.img", "initramfs.img": kind == .regular ? .initrd(version) : .drop
        default: .keep
        }
    }
}

/// Says why no image can be made of a root filesystem.
package typealias ImagePlanningError = Fault<ImagePlanningFault>

/// Names what a root filesystem fails by.
package enum ImagePlanningFault: FaultKind {
    /// It lacks something, or has it twice.
    case rootFilesystem
}

extension ImagePlanningError {
    /// Names a fault of the root filesystem.
    package init(_ operation: String, _ cause: String, remedy: String) {
        self.init(.rootFilesystem, operation, "the root filesystem", cause: cause, remedy: remedy)
    }
}
