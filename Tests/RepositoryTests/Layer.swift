/// A layer of the package: a folder below `Sources` and `Tests`, and what its targets may use.
enum Layer: String, CaseIterable, Sendable {
    case c = "C"
    case vocabulary = "Vocabulary"
    case decisions = "Decisions"
    case effects = "Effects"
    case engines = "Engines"
    case supply = "Supply"
    case operations = "Operations"
    case commands = "Commands"
    case programs = "Programs"

    /// What its targets are, for the README.
    var explanation: String {
        switch self {
        case .c: "C libraries, imported. No Swift logic."
        case .vocabulary: "Pure values and codecs."
        case .decisions: "Pure functions from facts to plans."
        case .effects: "The only Swift targets that import Glibc or C modules, and the only ones with `unsafe`."
        case .engines: "Join decisions and effects."
        case .supply: "The ways from a source to what a machine takes."
        case .operations: "Change what boots; make what is to be booted."
        case .commands: "Arguments, words, exit statuses."
        case .programs: "Executables of one file each."
        }
    }

    /// The layers whose targets it may use.
    var below: Set<Layer> {
        switch self {
        case .c: []
        case .vocabulary, .decisions: [.vocabulary]
        case .effects: [.c, .vocabulary]
        case .engines: [.vocabulary, .decisions, .effects]
        case .supply: [.vocabulary, .decisions, .effects, .engines]
        case .operations: [.vocabulary, .decisions, .effects, .engines, .supply]
        case .commands: [.vocabulary, .decisions, .effects, .engines, .supply, .operations]
        case .programs: [.engines, .commands]
        }
    }

    /// Targets that it may use besides: others of its own layer, and what ends a process.
    var exceptions: Set<String> {
        switch self {
        // What an image and a disk consist of, and the lines of account files.
        case .decisions: ["ImagePlanning", "Accounts"]
        // What is written is addressed and verified by digests everywhere.
        case .effects: ["LinuxSystem", "Cryptography"]
        // What an image's folder holds, and where things are on a machine, is known once.
        case .engines: ["ImageFolders", "InstalledSystem"]
        // Both programs tell what they do, and end, in one way; boatyard's last verb is apart, for it has a server.
        case .commands: ["CommandOutput", "BuilderCommands"]
        // What lifeboot-init needs before its runtime starts is linked into it alone.
        case .programs: ["LinuxSystem", "CInitramfs"]
        // Whether GRUB counts attempts is what an upgrade asks first; what a layer takes from those below is in repositories,
        // and so are builds of others.
        case .operations: ["BootHealth", "PackageRepositories"]
        case .c, .vocabulary, .supply: []
        }
    }

    /// Modules of outside packages and of the toolchain that it may import.
    var outside: Set<String> {
        switch self {
        case .c, .programs: []
        case .vocabulary, .decisions: ["SystemPackage"]
        case .effects: Self.server.union(["SystemPackage", "Glibc", "Synchronization"])
        case .engines, .supply, .operations: ["SystemPackage", "Synchronization"]
        case .commands: ["SystemPackage", "ArgumentParser"]
        }
    }

    /// What brings a server; one target may import it.
    static let server: Set = ["NIOCore", "NIOHTTP1", "NIOPosix"]

    /// Whether one of its targets may import a module of another layer, of its own, or from outside.
    func mayUse(_ module: String, of other: Layer?) -> Bool {
        guard let other else { return outside.contains(module) }
        return below.contains(other) || exceptions.contains(module) || self == .vocabulary && other == self
    }
}
