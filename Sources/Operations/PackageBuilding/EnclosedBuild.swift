package import ContainerBuilds
package import Faults
import LinuxSystem
package import SystemPackage

/// Lets boatyard build inside, and says what was stopped when somebody stops it.
package struct EnclosedBuild {
    private enum End: Sendable {
        case ended(Result<Int32, any Error>)
        case interrupted(String)
    }

    private let enclosure: Enclosure
    private let notice: BuildNotice

    /// Prepares to build with a cache.
    package init(_ enclosure: Enclosure, in cache: FilePath) {
        self.enclosure = enclosure
        notice = BuildNotice(in: cache)
    }

    /// Runs this program with the same arguments inside.
    ///
    /// When a signal asks this process to stop, it is over at once; what is inside is killed with this process.
    ///
    /// - Returns: its exit status.
    /// - Throws: `InterruptedBuildError` after a signal; as `Enclosure.runAgain`.
    package func run(_ arguments: [String]) throws -> Int32 {
        try Interruption.holdSignals()
        let ends = try BuildWorkers<End>()
        let enclosure = enclosure
        // It lives until this process ends: what it starts is killed when it ends.
        ends.start { .ended(Result { try enclosure.runAgain(arguments) }) }
        ends.watch { Interruption.next().map { .interrupted($0) } }
        switch try ends.next() {
        case .ended(let result): return try result.get()
        case .interrupted(let signal): throw InterruptedBuildError.interrupted(notice.packages, signal)
        }
    }
}

/// Says what was stopped.
package typealias InterruptedBuildError = Fault<InterruptedBuildFault>

/// Names why a build was stopped.
package enum InterruptedBuildFault: FaultKind {
    /// A signal asked for it.
    case interrupted
}

extension InterruptedBuildError {
    static func interrupted(_ packages: [String], _ signal: String) -> InterruptedBuildError {
        InterruptedBuildError(
            .interrupted, "building", packages.isEmpty ? "packages" : packages.joined(separator: ", "),
            cause: "\(signal) asked to stop",
            remedy: "Run it again to go on: what was built before is in the cache, and nothing half done is left.")
    }
}
