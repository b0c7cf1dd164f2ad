/// Questions about what the initramfs holds.
///
/// Where it could not be read they are not asked, and that is said.
enum InitrdChecks {
    static let all: [ImageCheck] = [
        ImageCheck(
            "initrd-unread", .warning, "the initramfs could not be looked into",
            remedy: "Make it with dracut and the module 'lifeboot', or make sure of what it holds."
        ) { facts in
            guard case .unreadable(let cause) = facts.initrd else { return [] }
            return ["the initramfs could not be looked into: \(cause)"]
        },
        ImageCheck(
            "initrd-damaged", .error, "the initramfs cannot be read to its end", remedy: "Make the initramfs again."
        ) { facts in
            guard case .damaged(let cause) = facts.initrd else { return [] }
            return ["the initramfs is damaged: \(cause)"]
        },
        asked(
            "initrd-agent", "the initramfs has no agent",
            remedy: "Make it with dracut and the module 'lifeboot' (add_dracutmodules+=\" lifeboot \")."
        ) { content in
            content.tree.firstFile(of: RootfsRules.agents) == nil
                ? ["the initramfs has no /\(RootfsRules.agents[0])"] : []
        },
        asked(
            "initrd-start", "nothing in the initramfs starts the agent: the parts of the dracut module are missing",
            remedy: "Make it with dracut and the module 'lifeboot'.", causes: start),
        asked(
            "initrd-e2fsck", "the initramfs has no `e2fsck`, without which a filesystem is never mended",
            remedy: "Install e2fsprogs and make the initramfs again."
        ) { content in
            content.tree.firstFile(of: ["usr/sbin/e2fsck", "sbin/e2fsck", "usr/bin/e2fsck", "bin/e2fsck"]) == nil
                ? ["the initramfs has no e2fsck"] : []
        },
        ImageCheck(
            "initrd-modules", .error, "the initramfs has no modules of the kernel, or lacks those of the dracut module",
            remedy: "Make it with 'dracut --kver VERSION' for this kernel, with the module 'lifeboot'.",
            causes: modules),
        ImageCheck(
            "initrd-minimal", .warning,
            "the initramfs is the agent alone, and the root filesystem has programs that make a root's disk appear",
            remedy:
                "Make it with lifeboot_initramfs=\"full\" if the root lies on such a disk; docs/initramfs.md says when."
        ) { facts in
            guard let content = facts.initramfs, isMinimal(content) else { return [] }
            let found = assemblers.filter { facts.tree.firstFile(of: $0) != nil }.map { "/\($0[0])" }
            return found.isEmpty
                ? [] : ["the initramfs is the agent alone, and there is \(found.joined(separator: ", "))"]
        },
        ImageCheck(
            "initrd-local", .error,
            "the initramfs does not boot images that a machine made itself (only on the machine)",
            remedy: "Make it with dracut and the module 'lifeboot', without /usr/lib/lifeboot/refuse-local-images."
        ) { facts in
            guard facts.purpose == .deploying, let content = facts.initramfs else { return [] }
            if case .found = content.tree.follow("usr/lib/lifeboot/allow-local-images") { return [] }
            return ["the initramfs boots no image that this machine signs"]
        },
        ImageCheck(
            "seal", .error, "only one of root filesystem and initramfs has the mark of a sealed image",
            remedy:
                "Put /usr/lib/lifeboot/sealed into the root filesystem, or take it out, and make the initramfs again.",
            causes: seal),
    ]

    /// The initramfs decides what a boot takes, the root filesystem what an upgrade takes.
    private static func seal(_ facts: ImageFacts) -> [String] {
        guard let content = facts.initramfs else { return [] }
        let isSealed = { (tree: TreeIndex) in
            if case .found = tree.follow("usr/lib/lifeboot/sealed") { true } else { false }
        }
        switch (isSealed(facts.tree), isSealed(content.tree)) {
        case (true, false): return ["the root filesystem is sealed, and the initramfs is not"]
        case (false, true): return ["the initramfs is sealed, and the root filesystem is not"]
        default: return []
        }
    }

    private static func asked(
        _ name: String, _ finds: String, remedy: String, causes: @escaping @Sendable (InitrdContent) -> [String]
    ) -> ImageCheck {
        ImageCheck(name, .error, finds, remedy: remedy) { facts in facts.initramfs.map(causes) ?? [] }
    }

    /// The agent is the first process, or systemd's target requires its unit, or dracut's hook runs it.
    private static func start(_ content: InitrdContent) -> [String] {
        if isMinimal(content) { return alone(content) }
        let paths = content.tree.nodes.keys
        let isRequired = paths.contains { $0.hasSuffix("/initrd-root-fs.target.requires/lifeboot-init.service") }
        let hasUnit = paths.contains { $0.hasSuffix("/systemd/system/lifeboot-init.service") }
        let hasHook = paths.contains { $0.contains("/hooks/mount/") && $0.hasSuffix("-mount-root.sh") }
        if isRequired && hasUnit || hasHook { return [] }
        return [
            "nothing in the initramfs starts the agent: no unit 'lifeboot-init.service' that initrd-root-fs.target requires, no hook"
        ]
    }

    /// Programs without which a disk of some kind never appears, each by the names that it has in distributions.
    private static let assemblers = ["lvm", "mdadm", "multipath", "iscsid", "plymouthd"].map {
        ["usr/sbin/\($0)", "usr/bin/\($0)", "sbin/\($0)"]
    }

    /// Whether the agent is the first process.
    private static func isMinimal(_ content: InitrdContent) -> Bool {
        guard case .found(let path, _) = content.tree.follow("init") else { return false }
        return RootfsRules.agents.contains(path)
    }

    /// What the agent as the first process lacks: its mark, and the name by which the kernel calls it for a module.
    private static func alone(_ content: InitrdContent) -> [String] {
        var causes: [String] = []
        if content.tree.firstFile(of: ["etc/initrd-release"]) == nil {
            causes.append(
                "the agent is the initramfs' /init, and takes it for an installed system: there is no /etc/initrd-release"
            )
        }
        let loader = content.tree.follow("sbin/modprobe")
        if case .found(let path, _) = loader, RootfsRules.agents.contains(path) { return causes }
        return causes + [
            "the agent is the initramfs' /init, and /sbin/modprobe does not lead to it: the kernel can load nothing"
        ]
    }

    /// What dracut-module/module-setup.sh asks for and no boot can do without.
    private static let needed = ["loop", "dm_mod", "dm_verity", "squashfs", "overlay", "ext4"]

    private static func modules(_ facts: ImageFacts) -> [String] {
        guard let content = facts.initramfs, let kernel = facts.kernel else { return [] }
        let versions = content.moduleVersions
        if !versions.isEmpty, !versions.contains(kernel.built), !versions.contains(kernel.version) {
            let found = versions.map(\.description).sorted().joined(separator: ", ")
            return ["the initramfs has modules for \(found), the kernel is \(kernel.built)"]
        }
        // Without the list of what is in the kernel itself, nobody knows what is missing.
        guard let builtins = content.builtins else { return [] }
        let missing = needed.filter { !builtins.contains($0) && !content.moduleNames.contains($0) }
        return missing.isEmpty ? [] : ["the initramfs lacks the kernel modules \(missing.joined(separator: ", "))"]
    }
}
