/// Questions about an image that is to boot in a cloud, where nobody can look at a screen or put in another disk.
package enum CloudChecks {
    /// The checks of one cloud, in the order in which their findings are told.
    package static func checks(of cloud: Cloud) -> [ImageCheck] {
        [
            ImageCheck(
                "cloud-disk", .error, "the initramfs has no driver of the cloud's disks, so that no root is found",
                remedy: "Put it into the initramfs (add_drivers+=\" NAME \") and make the initramfs again."
            ) {
                missing(cloud.disk, $0.initramfsModules).map { "the initramfs lacks \($0), by which the root is found" }
            },
            ImageCheck(
                "cloud-network", .error,
                "there is no driver of the cloud's network, so that nobody reaches the machine",
                remedy: "Take a kernel that has it, or install the package of the kernel's further modules."
            ) { missing(cloud.network, $0.allModules).map { "there is no \($0), by which the machine is reached" } },
            ImageCheck(
                "cloud-newer", .warning, "newer kinds of the cloud's machines lack a driver of their disks or network",
                remedy: "Add it as for the other drivers, or take kinds of machines that do without."
            ) { facts in
                missing(cloud.newer, facts.allModules).map { "there is no \($0), which newer kinds of machines need" }
            },
            ImageCheck(
                "cloud-drivers", .warning, "it cannot be told which drivers kernel and initramfs have",
                remedy: "Make the initramfs with dracut, so that it has modules.builtin, or make sure of the drivers."
            ) { $0.initramfsModules == nil ? ["the initramfs does not say which drivers the kernel has"] : [] },
            ImageCheck(
                "cloud-console", .warning,
                "the kernel says nothing on the serial line, the only screen that the cloud shows",
                remedy: "Build the image with --kernel-argument console=ttyS0."
            ) { facts in
                cloud.hasSerialConsole && !facts.hasSerialConsole ? ["the kernel arguments have no console=ttyS0"] : []
            },
            ImageCheck(
                "cloud-swap", .warning, "there is swap on the disk, which the cloud asks to leave out",
                remedy: "Take it out; zram, or a disk that the cloud gives for it, can hold swap."
            ) { cloud.forbidsSwap ? $0.swap.map { "\($0) is swap on the disk" } : [] },
        ]
    }

    /// Asks for all clouds, and says each finding once with the clouds that it concerns.
    ///
    /// - Parameter image: which image it is, such as "the recovery image".
    package static func findings(of facts: ImageFacts, in clouds: [Cloud], image: String) -> [ImageFinding] {
        var order: [ImageFinding] = []
        var places: [String: [String]] = [:]
        for cloud in clouds {
            for check in checks(of: cloud) {
                for finding in check.causes(facts).map({ ImageFinding(check, cause: $0) }) {
                    if places[finding.description] == nil { order.append(finding) }
                    places[finding.description, default: []].append(cloud.rawValue)
                }
            }
        }
        return order.map { finding in
            let names = places[finding.description, default: []].joined(separator: ", ")
            return ImageFinding(finding, cause: "\(names): of \(image), \(finding.cause)")
        }
    }

    /// Says which partitions beside ours are for swap, where that is asked to be left out.
    package static func findings(of extra: [ExtraPartition], in clouds: [Cloud]) -> [ImageFinding] {
        let names = clouds.filter(\.forbidsSwap).map(\.rawValue).joined(separator: ", ")
        guard !names.isEmpty, let check = checks(of: .azure).last else { return [] }
        return extra.filter(\.isSwap).map {
            ImageFinding(check, cause: "\(names): the partition '\($0.name)' is for swap")
        }
    }

    /// Of each group that has none of its modules, a text; nothing when nobody knows what there is.
    private static func missing(_ groups: [[String]], _ modules: Set<String>?) -> [String] {
        guard let modules else { return [] }
        return groups.filter { modules.isDisjoint(with: $0) }.map { $0.joined(separator: " or ") }
    }
}

extension ImageFacts {
    /// What the kernel has before the root is there, with `_` for `-`; nil when nobody knows.
    fileprivate var initramfsModules: Set<String>? {
        guard let content = initramfs, let builtins = content.builtins else { return nil }
        return builtins.union(content.moduleNames)
    }

    /// The same with the modules in the root filesystem that somebody asks for.
    fileprivate var allModules: Set<String>? {
        initramfsModules?.union(tree.nodes.keys.compactMap { RootfsRules.networkModule(path: $0) })
    }

    /// The first serial line of a PC, or that of Azure's arm64 machines.
    fileprivate var hasSerialConsole: Bool {
        kernelArguments.contains { argument in
            ["console=ttyS0", "console=ttyAMA0"].contains { argument == $0 || argument.hasPrefix($0 + ",") }
        }
    }

    /// What makes swap on a disk: lines of fstab(5), and units of systemd that are wanted.
    fileprivate var swap: [String] {
        let lines = fstab.split(whereSeparator: \.isNewline).filter { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            return fields.count >= 3 && !line.hasPrefix("#") && fields[2] == "swap" && !fields[0].contains("zram")
        }
        let units = tree.nodes.keys.filter {
            $0.hasSuffix(".swap") && $0.contains("/swap.target.") && !$0.contains("zram")
        }
        return lines.map { "/etc/fstab: '\($0.split(whereSeparator: \.isWhitespace).joined(separator: " "))'" }
            + units.sorted().map { "/\($0)" }
    }
}

extension RootfsRules {
    /// The name of a kernel module that a check of clouds looks for in the root filesystem; nil for all other files.
    static func networkModule(path: String) -> String? {
        guard moduleVersion(path: path) != nil, let name = InitrdContent.moduleName(path),
            Cloud.networkModules.contains(name)
        else { return nil }
        return name
    }
}
