/// Questions about the booted system: whether it takes part, whether its boots count, what it can write to.
enum SystemChecks {
    static let all: [ImageCheck] = [
        ImageCheck(
            "os-release", .error, "nothing says what system it is",
            remedy: "Install what names the system, such as base-files."
        ) { facts in
            facts.hasOSRelease ? [] : ["neither /etc/os-release nor /usr/lib/os-release is a file"]
        },
        ImageCheck(
            "agent", .error, "neither the root filesystem nor the initramfs is known to have the agent",
            remedy: "Install the agent (the Debian package lifeboot, or 'make install') and make the initramfs again."
        ) { facts in
            guard !facts.hasAgent, facts.initrd != .notLooked, facts.initramfs == nil else { return [] }
            return ["there is no /\(RootfsRules.agents[0]): without lifeboot in its initrd it does not boot"]
        },
        ImageCheck(
            "agent-in-root", .warning,
            "the root filesystem has no agent, so that the next initramfs made in it has none",
            remedy: "Install the agent (the Debian package lifeboot, or 'make install')."
        ) { facts in
            facts.hasAgent || facts.initramfs == nil && facts.initrd != .notLooked
                ? [] : ["there is no /\(RootfsRules.agents[0]) in the root filesystem"]
        },
        ImageCheck(
            "program", .warning,
            "the root filesystem has no `lifeboot`, so that no boot is declared healthy and nothing upgrades",
            remedy: "Install the agent (the Debian package lifeboot, or 'make install'), or let something else do both."
        ) { facts in
            facts.hasProgram ? [] : ["there is no /usr/bin/lifeboot: nothing here declares a boot healthy or upgrades"]
        },
        unit(
            "mark-good", .error, "lifeboot-mark-good.service",
            "no boot is declared healthy, and the machine falls back after three"),
        unit("history", .warning, "lifeboot-history.service", "what boots did is not recorded"),
        ImageCheck(
            "mount-points", .error, "something is mounted on a path that is no folder of the image",
            remedy: "Make it a folder, and leave it empty.", causes: mountPoints),
        ImageCheck(
            "layout", .error, "the layout file in the image cannot be used",
            remedy: "Correct it; docs/layout.md has all keys."
        ) { facts in
            guard case .broken(let path, let reason) = facts.layout else { return [] }
            return ["/\(path) cannot be used: \(reason)"]
        },
        ImageCheck(
            "configuration", .warning, "a step or a file below `/system/oem` counts for nothing",
            remedy: "Correct it; `lifeboot config validate` says more, and docs/oem.md explains the files."
        ) { $0.refusedSteps },
        ImageCheck(
            "tmp", .error, "the layout file in the image leaves `/tmp` read-only, and nothing else mounts it",
            remedy: "Add /tmp to 'ephemeral: paths' of the layout, or enable tmp.mount.", causes: temporary),
    ]

    private static func unit(
        _ name: String, _ severity: ImageCheck.Severity, _ unit: String, _ effect: String
    ) -> ImageCheck {
        ImageCheck(
            name, severity, "`\(unit)` is not there, not enabled or masked: \(effect)",
            remedy: "Install it (the Debian package lifeboot, or 'make install') and enable it: "
                + "'systemctl enable \(unit)'."
        ) { facts in
            // Where the program is not there, that is what is said.
            guard facts.hasProgram, let state = UnitState.fault(of: unit, in: facts.tree) else { return [] }
            return ["\(unit) \(state): \(effect)"]
        }
    }

    /// Folders that have content only when the system runs.
    private static let atBoot = ["run", "dev", "proc", "sys", "var"]

    private static func mountPoints(_ facts: ImageFacts) -> [String] {
        var paths = RootfsRules.mountPoints.map(\.path)
        var writable: [String] = []
        if case .read(_, let places, let needed) = facts.layout { (paths, writable) = (paths + needed, places) }
        let fixed = Set(RootfsRules.mountPoints.map(\.path))
        return paths.compactMap { path in
            switch facts.tree.follow(path) {
            case .found(_, .directory): return nil
            case .found: return "/\(path) is no folder"
            case .nothing(let end):
                // Those of every image are made when they are missing; what is below a writable path can be made at boot.
                if end == path, fixed.contains(path) { return nil }
                if (atBoot + writable).contains(where: { end.hasPrefix($0 + "/") }) { return nil }
                return end == path ? "/\(path) is not there" : "/\(path) is a link to /\(end), which is not there"
            }
        }
    }

    private static func temporary(_ facts: ImageFacts) -> [String] {
        guard case .read(let layout, let writable, _) = facts.layout else { return [] }
        let place =
            switch facts.tree.follow("tmp") {
            case .found(let path, _), .nothing(let path): path
            }
        let isWritable = (writable + ["run", "dev"]).contains { place == $0 || place.hasPrefix($0 + "/") }
        let isMounted = UnitState.fault(of: "tmp.mount", in: facts.tree) == nil || facts.fstabMounts("/tmp")
        return isWritable || isMounted ? [] : ["/tmp is read-only with the layout of /\(layout)"]
    }
}

/// Tells whether systemd would start a unit of an image by itself.
enum UnitState {
    private static let folders = ["etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"]

    /// What keeps it from being started; nil when nothing does.
    static func fault(of unit: String, in tree: TreeIndex) -> String? {
        if case .link("/dev/null") = tree.nodes["etc/systemd/system/\(unit)"] { return "is masked" }
        let isThere = folders.contains { folder in
            if case .found = tree.follow("\(folder)/\(unit)") { true } else { false }
        }
        guard isThere else { return "is not there" }
        let isEnabled = tree.nodes.keys.contains { path in
            path.hasSuffix("/\(unit)") && folders.contains { path.hasPrefix($0 + "/") }
                && (path.contains(".wants/") || path.contains(".requires/"))
        }
        return isEnabled ? nil : "is not enabled"
    }
}

extension ImageFacts {
    fileprivate var hasAgent: Bool { tree.firstFile(of: RootfsRules.agents) != nil }
    fileprivate var hasProgram: Bool { tree.hasFile("usr/bin/lifeboot") }

    /// Says whether fstab(5) mounts something on a path.
    fileprivate func fstabMounts(_ path: String) -> Bool {
        fstab.split(whereSeparator: \.isNewline).contains { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            return fields.count >= 3 && !line.hasPrefix("#") && fields[1] == path
        }
    }
}
