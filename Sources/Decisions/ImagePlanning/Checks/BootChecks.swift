/// Questions about kernel, first process and kernel arguments.
enum BootChecks {
    static let all: [ImageCheck] = [
        ImageCheck(
            "boot-files", .error, "there is no kernel with an initrd of its version, or it cannot be told which",
            remedy: "Install one kernel, and make its initrd with 'dracut --kver VERSION /boot/initrd.img-VERSION'."
        ) { facts in facts.bootFileFault.map { [$0] } ?? [] },
        ImageCheck(
            "first-process", .error, "there is no `/sbin/init` and no systemd, or the link ends nowhere",
            remedy: "Install an init system."
        ) { facts in
            facts.firstProcess == nil ? ["there is no first process: no /sbin/init and no systemd"] : []
        },
        ImageCheck(
            "architecture", .error, "the kernel cannot run the first process or the agent",
            remedy: "Take kernel and programs of one machine type.", causes: architecture),
        ImageCheck(
            "architecture-unknown", .warning, "neither kernel nor first process say for which machines they are",
            remedy: "Make sure that it is built for the machines that get it."
        ) { facts in
            guard facts.purpose != .deploying, facts.kernelArchitectures.count != 1, facts.firstProcess != nil else {
                return []
            }
            let program = facts.firstProcess.flatMap { facts.tree.architecture(of: $0) }
            return program == nil ? ["neither kernel nor first process say for which machines they are"] : []
        },
        ImageCheck(
            "kernel-header", .warning, "the kernel has no header of a kernel that is known here",
            remedy: "Make sure that GRUB can start it."
        ) { facts in
            guard let kernel = facts.kernel, kernel.header == nil else { return [] }
            return ["/\(kernel.path) does not begin as a kernel does that is known here"]
        },
        ImageCheck(
            "modules", .error, "the kernel's version has no modules in the root filesystem",
            remedy: "Install kernel and modules of one version.", causes: modules),
        ImageCheck(
            "kernel-arguments", .error,
            "a kernel argument, also of a container's label, switches off what the product is for, or says what GRUB says",
            remedy: "Leave it out; at the console it can be typed for one boot.", causes: arguments),
    ]

    private static func architecture(_ facts: ImageFacts) -> [String] {
        let kernel = facts.kernelArchitectures
        let programs = [facts.firstProcess, facts.tree.firstFile(of: RootfsRules.agents)].compactMap(\.self)
        return programs.compactMap { path in
            guard let program = facts.tree.architecture(of: path), !SystemArchitecture.runs(program, kernel: kernel)
            else {
                return nil
            }
            return "/\(path) is for \(program), the kernel for \(kernel.joined(separator: " or "))"
        }
    }

    private static func modules(_ facts: ImageFacts) -> [String] {
        guard let kernel = facts.kernel else { return [] }
        if facts.moduleVersions.contains(kernel.built) { return [] }
        // A file that does not say its version may be named after something else.
        if kernel.header?.version == nil, facts.moduleVersions.contains(kernel.version) { return [] }
        let found = facts.moduleVersions.map(\.description).sorted().joined(separator: ", ")
        return ["the kernel is \(kernel.built), and there are modules for \(found.isEmpty ? "none" : found)"]
    }

    /// What GRUB says at each boot (docs/boot-protocol.md); an image that says it as well contradicts it.
    private static let boot = [
        "lifeboot.role", "lifeboot.image", "lifeboot.boot", "lifeboot.reason", "lifeboot.tries", "lifeboot.grub",
        "lifeboot.mode", "lifeboot.install",
        "elemental.mode", "elemental.image", "cos-img/filename", "root",
    ]
    /// What switches the agent off, or the root image writable.
    private static let switches = [
        "lifeboot.disable", "rd.cos.disable", "elemental.disable", "lifeboot.debug-rw", "rd.cos.debugrw",
    ]

    private static func arguments(_ facts: ImageFacts) -> [String] {
        facts.kernelArguments.compactMap { argument in
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let (name, value) = (parts[0], parts.count > 1 ? parts[1] : "")
            if argument == "--" { return "'--' gives all arguments after it to the first process" }
            if argument == "lifeboot.verity=off" { return "'\(argument)' lets a root boot that nobody verified" }
            if switches.contains(name), !["0", "no", "off", "false"].contains(value) {
                return "'\(argument)' is for looking for faults, not for an image"
            }
            if boot.contains(name) { return "'\(argument)' is GRUB's to say" }
            let isOther = name == "init" || name == "rdinit"
            if isOther, !RootfsRules.inits.contains(String(value.drop { $0 == "/" })) {
                return "'\(argument)' starts something else than the system"
            }
            return nil
        }
    }
}

extension ImageFacts {
    /// The first process: the first of the usual places that leads to a file, or out of what was looked at.
    var firstProcess: String? { RootfsRules.firstProcess(in: tree) }
}

extension RootfsRules {
    /// The first process: the first of the usual places that leads to a file, or out of what an index has.
    package static func firstProcess(in tree: TreeIndex) -> String? {
        inits.first { path in
            guard case .nothing(let end) = tree.follow(path) else { return tree.hasFile(path) }
            return end != path && !isIndexedFile(end)
        }
    }
}
