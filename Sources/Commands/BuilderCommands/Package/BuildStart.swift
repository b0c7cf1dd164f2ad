import ArgumentParser
import BuildPlanning
import CommandOutput
import ContainerBuilds
import Faults
import LinuxSystem
import PackageBuilding
import PackageSpecs
import SystemPackage

/// Holds how containers are built, of packages and of images.
struct ContainerBuildOptions: ParsableArguments {
    @Option(name: [.customShort("j"), .long], help: ArgumentHelp("Packages built at a time.", valueName: "number"))
    var jobs = 2
    @Flag(help: "Refuse to change boatyard.lock.")
    var locked = false
    @Flag(help: "Leave the container of a step that fails until the next build, and say how to enter it.")
    var keepFailed = false
    @Option(
        help: ArgumentHelp(
            "How layers of containers lie over each other: overlay or vfs (default: overlay where it works).",
            valueName: "driver"))
    var storage: BuildStore.Driver?

    func validate() throws {
        if jobs < 1 || jobs > 64 { throw ValidationError("--jobs takes a number from 1 to 64") }
    }
}

/// Begins builds in containers, of packages and of images.
enum BuildStart {
    /// Runs this program again inside, where containers can be, when that may be done on this machine.
    ///
    /// - Parameter storage: how layers of containers lie over each other; nil for overlays where this machine mounts them
    ///   for who asks, and copies elsewhere.
    /// - Throws: `BuildNeedsError` when something is missing here; `ExitCode` when it failed inside, which was told there.
    static func inside(_ session: LayerSession, _ storage: BuildStore.Driver?) throws {
        let scratch = session.cache.folder.appending("work")
        let facts = try HostFacts.gather(tryingOverlayIn: storage == nil ? scratch : nil)
        let needs = HostNeeds(for: [.package], facts)
        guard needs.isMet else { throw BuildNeedsError.unmet(DoctorCommand.lines(needs)) }
        let driver = storage ?? (facts.mountsOverlays ? .overlay : .vfs)
        try session.cache.note(driver)
        let store = BuildStore(in: session.cache.folder, driver)
        let build = EnclosedBuild(Enclosure(isRoot: facts.isRoot, store: store), in: session.cache.folder)
        let status = try build.run(ThisProcess.arguments ?? [])
        if status != ExitStatus.success { throw ExitCode(status) }
    }

    /// Notes in the lock what it lacks.
    ///
    /// - Parameter locked: whether the lock may not be changed.
    /// - Throws: `BuildNeedsError` when it may not and would have to be; as `LayerSession.completeLock`.
    static func complete(_ session: inout LayerSession, locked: Bool, _ output: Output) throws {
        guard !session.hasLock || !session.missing.isEmpty else { return }
        guard !locked else {
            let first = session.missing.first.map { "\($0)" } ?? "there is none"
            throw BuildNeedsError.stale(first)
        }
        for change in try session.completeLock() { output.note("boatyard.lock: \(change)") }
    }
}

/// Says why no build is begun.
typealias BuildNeedsError = Fault<BuildNeedsFault>

/// Names why no build is begun.
enum BuildNeedsFault: FaultKind {
    /// Something is missing on this machine.
    case machine
    /// The lock does not fit the files.
    case lock
}

extension BuildNeedsError {
    static func unmet(_ lines: [String]) -> BuildNeedsError {
        BuildNeedsError(
            .machine, "building packages on", "this machine", cause: lines.joined(separator: " "),
            remedy: "Mend that; 'boatyard doctor --for package' looks again.")
    }

    static func stale(_ difference: String) -> BuildNeedsError {
        BuildNeedsError(
            .lock, "building with", "\(LockFile.fileName)", cause: difference,
            remedy: "Run 'boatyard lock', or leave --locked out.")
    }
}

extension BuildStore.Driver: ExpressibleByArgument {}
