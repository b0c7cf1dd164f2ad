/// What a machine has for building, as found there.
package struct HostFacts: Equatable, Sendable {
    /// Whether root asks.
    package var isRoot: Bool
    /// The name of the user who asks; its number where it has none.
    package var user: String
    /// The programs of `HostNeeds.programs` that can be started.
    package var programs: Set<String>
    /// Whether the user has ranges in both `/etc/subuid` and `/etc/subgid`.
    package var hasSubordinates: Bool
    /// Whether an overlay can be mounted in a user's own namespace; root's need not be asked.
    package var mountsOverlays: Bool

    /// Describes a machine.
    package init(
        isRoot: Bool, user: String, programs: Set<String>, hasSubordinates: Bool, mountsOverlays: Bool
    ) {
        self.isRoot = isRoot
        self.user = user
        self.programs = programs
        self.hasSubordinates = hasSubordinates
        self.mountsOverlays = mountsOverlays
    }
}

/// Decides what a machine lacks for a piece of work, and how that is mended.
package struct HostNeeds: Equatable, Sendable {
    /// What is to be made.
    package enum Work: String, CaseIterable, Sendable {
        /// Packages, in containers.
        case package
        /// Images of systems.
        case image
        /// Bootable disks.
        case disk
        /// Media that boot from CD and stick.
        case iso
    }

    /// A program, what it is for, and the Debian package that brings it.
    package struct Program: Equatable, Sendable {
        /// Its file's name.
        package var name: String
        /// The Debian package.
        package var source: String
        /// What cannot be made without it.
        package var works: [Work]
        /// Whether root does without it.
        package var isForUsers = false
        /// What it does, for people.
        package var purpose: String
    }

    /// All programs that boatyard starts.
    package static let programs = [
        Program(name: "buildah", source: "buildah", works: [.package], purpose: "runs the steps of builds"),
        Program(
            name: "unshare", source: "util-linux", works: [.package], purpose: "keeps builds apart from this system"),
        Program(name: "setpriv", source: "util-linux", works: [.package], purpose: "ends builds with boatyard"),
        Program(
            name: "newuidmap", source: "uidmap", works: [.package], isForUsers: true,
            purpose: "lets users own files as other users"),
        Program(name: "mke2fs", source: "e2fsprogs", works: [.disk], purpose: "makes ext4"),
        Program(name: "debugfs", source: "e2fsprogs", works: [.disk], purpose: "fills ext4"),
        Program(name: "mkfs.fat", source: "dosfstools", works: [.disk, .iso], purpose: "makes the boot partition"),
        Program(name: "mcopy", source: "mtools", works: [.disk, .iso], purpose: "fills the boot partition"),
        Program(name: "grub-mkimage", source: "grub-common", works: [.disk, .iso], purpose: "makes GRUB's core"),
        Program(name: "qemu-img", source: "qemu-utils", works: [.disk], purpose: "makes qcow2 and VMDK"),
        Program(name: "xorriso", source: "xorriso", works: [.iso], purpose: "writes media"),
    ]

    /// Programs that are missing.
    package private(set) var programs: [Program] = []
    /// What else is missing, a sentence each that says what to do.
    package private(set) var others: [String] = []

    /// Decides for all of some works.
    package init(for works: [Work], _ facts: HostFacts) {
        programs = Self.programs.filter { program in
            !program.works.allSatisfy { !works.contains($0) } && !(program.isForUsers && facts.isRoot)
                && !facts.programs.contains(program.name)
        }
        if works.contains(.package), !facts.isRoot, !facts.hasSubordinates {
            others.append(
                "\(facts.user) has no range of subordinate ids: run 'usermod --add-subuids 100000-165535 "
                    + "--add-subgids 100000-165535 \(facts.user)' as root, with numbers that no other user has.")
        }
    }

    /// Whether nothing is missing.
    package var isMet: Bool { programs.isEmpty && others.isEmpty }

    /// The one command that installs what is missing; nil when no package is.
    package var installation: String? {
        let sources = Set(programs.map(\.source)).sorted()
        return sources.isEmpty ? nil : "apt-get install \(sources.joined(separator: " "))"
    }
}
