/// What is known of an image that is being made, for the checks: gathered from its root filesystem, its initramfs, the
/// manifest that it will have, and the key that signs it.
package struct ImageFacts: Equatable, Sendable {
    /// Who makes the image, and with which signature it will boot.
    package enum Purpose: Equatable, Sendable {
        /// The builder, with a key that is known.
        case signing
        /// The builder, with a key that nobody named.
        case looking
        /// The machine, with its own key.
        case deploying
    }

    /// What the layout file in the image says.
    package enum LayoutFile: Equatable, Sendable {
        /// There is none, and the agent's own layout counts.
        case none
        /// It cannot be used.
        case broken(path: String, reason: String)
        /// Paths without leading slash: those that can be written to, and those that must be folders of the image.
        case read(path: String, writable: [String], needed: [String])
    }

    /// Who makes the image.
    package var purpose: Purpose
    /// What lies where in the root filesystem.
    package var tree: TreeIndex
    /// The kernel versions that have a folder of modules there.
    package var moduleVersions: Set<KernelVersion> = []
    /// The chosen kernel; nil when it is another image's.
    package var kernel: BootFileChoice.Candidate?
    /// Why no kernel and initrd could be chosen, a sentence without full stop; nil when they were.
    package var bootFileFault: String?
    /// Whether there is an os-release.
    package var hasOSRelease = true
    /// What is in the initramfs.
    package var initrd = InitrdFinding.notLooked
    /// The key files of the root filesystem, and private keys wherever they are.
    package var keys: [KeyFile] = []
    /// The key files of the initramfs.
    package var initrdKeys: [KeyFile] = []
    /// The kernel arguments that the manifest will have.
    package var kernelArguments: [String] = []
    /// What the layout file says.
    package var layout = LayoutFile.none
    /// Steps and files of the image's configuration that count for nothing, each with its place.
    package var refusedSteps: [String] = []
    /// The content of `/etc/fstab`; empty when there is none.
    package var fstab = ""

    /// Begins with a root filesystem.
    package init(_ purpose: Purpose, tree: TreeIndex = TreeIndex()) {
        self.purpose = purpose
        self.tree = tree
    }

    /// The initramfs' content; nil when nobody could read it.
    var initramfs: InitrdContent? { if case .read(let content) = initrd { content } else { nil } }

    /// The machine types of the kernel; empty when nobody knows.
    var kernelArchitectures: [String] { kernel?.header?.architectures ?? [] }
}

/// A file that is a key, or lies where keys are looked for.
package struct KeyFile: Equatable, Sendable {
    /// What is in it.
    package enum Content: Equatable, Sendable {
        /// A public key that the agent can use; whether it is that of the key that signs.
        case publicKey(isSigner: Bool)
        /// A private key; whether its public half signs this image or is trusted by it. One that cannot be opened is not.
        case privateKey(isOurs: Bool)
        /// Something else, and why it is no key.
        case noKey(String)
    }

    /// Its path, without leading slash.
    package var path: String
    /// What is in it.
    package var content: Content

    /// Describes a file.
    package init(_ path: String, _ content: Content) {
        self.path = path
        self.content = content
    }
}

/// What was found out about an initramfs.
package enum InitrdFinding: Equatable, Sendable {
    /// There was none to look into: it is another image's.
    case notLooked
    /// It could not be looked into, and why: that says nothing about it.
    case unreadable(String)
    /// It begins as an initramfs and cannot be read to its end, and why.
    case damaged(String)
    /// Its content.
    case read(InitrdContent)
}

/// What an initramfs holds.
package struct InitrdContent: Equatable, Sendable {
    /// What lies where.
    package var tree = TreeIndex()
    /// Content of small files that a check reads, by path.
    package var texts: [String: [UInt8]] = [:]

    /// Begins with nothing.
    package init() {}

    /// The kernel versions that it has modules for.
    package var moduleVersions: Set<KernelVersion> {
        Set(tree.nodes.keys.compactMap { RootfsRules.moduleVersion(path: $0) })
    }

    /// The names of its kernel modules, with `_` for `-` as the kernel has them.
    package var moduleNames: Set<String> { Set(tree.nodes.keys.compactMap { Self.moduleName($0) }) }

    /// The modules that are part of the kernel; nil when it does not say.
    package var builtins: Set<String>? {
        let lists = texts.filter { $0.key.hasSuffix("/modules.builtin") }
        guard !lists.isEmpty else { return nil }
        let lines = lists.values.flatMap { String(decoding: $0, as: UTF8.self).split(whereSeparator: \.isNewline) }
        return Set(lines.compactMap { Self.moduleName(String($0)) })
    }

    /// The name in `kernel/drivers/md/dm-verity.ko.xz`; nil for other files.
    package static func moduleName(_ path: String) -> String? {
        guard let name = path.split(separator: "/").last, let range = name.firstRange(of: ".ko") else { return nil }
        guard ["", ".xz", ".zst", ".gz"].contains(name[range.upperBound...]) else { return nil }
        return String(name[..<range.lowerBound].map { $0 == "-" ? "_" : $0 })
    }
}
