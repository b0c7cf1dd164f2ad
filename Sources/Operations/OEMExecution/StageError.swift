import DataSources
package import Faults
import SystemPackage

/// Says which action of a stage failed, why, and what the author of the file can do.
package typealias StageError = Fault<StageFault>

/// Names what fails in a stage.
package enum StageFault: FaultKind {
    /// It is not possible as the file asks for it.
    case impossible
    /// A program that was started did not succeed.
    case program
}

extension StageError {
    static func noFile(_ path: FilePath) -> StageError {
        StageError(.impossible, "writing", path.string, cause: "it is no file's name", remedy: "Name a file.")
    }

    /// - Parameter remedy: empty where the reason says it.
    static func refused(_ what: String, _ reason: String, _ remedy: String) -> StageError {
        StageError(.impossible, "preparing", what, cause: reason, remedy: remedy)
    }

    static func unknownPartitions(of disk: FilePath) -> StageError {
        StageError(
            .impossible, "preparing", disk.string, cause: "the kernel does not know all partitions of its table",
            remedy: "Restart, or run 'partprobe \(disk)'; then run the stage again.")
    }

    static func unknownOwner(_ path: String, _ owner: String, _ what: String) -> StageError {
        StageError(
            .impossible, "writing", path, cause: "there is no \(what) for the owner '\(owner)'",
            remedy: "Bring it with the image, or make it with 'users' or 'ensure_entities' in an earlier step.")
    }

    static func program(_ operation: String, _ subject: String, _ words: String) -> StageError {
        StageError(
            .program, operation, subject, cause: words,
            remedy: "Run it by hand to see all that it says; then run the stage again.")
    }

    static func onlyRunning(_ operation: String, _ subject: String) -> StageError {
        StageError(
            .impossible, operation, subject, cause: "that can only be done to the running system",
            remedy: "Run the stage there.")
    }

    static func needsNetwork(_ operation: String, _ subject: String) -> StageError {
        StageError(
            .impossible, operation, subject, cause: "there is no network at this stage",
            remedy: "Move it to the stage 'network'.")
    }

    static func late(_ operation: String, _ subject: String) -> StageError {
        StageError(
            .impossible, operation, subject, cause: "it was not done in time", remedy: "Check the network.")
    }

    /// Nothing was found, but not everything could be looked at; nil when it is certain that there is nothing, or not.
    static func doubt(_ finding: DataSourceFinding) -> StageError? {
        guard finding.provider == nil, !finding.unseen.isEmpty else { return nil }
        return StageError(
            .impossible, "looking for", "the machine's own configuration",
            cause: finding.unseen.joined(separator: "; "),
            remedy: "Run the stage again when that is mended.")
    }

    static func account(_ name: String, _ reason: String, _ remedy: String) -> StageError {
        StageError(.impossible, "setting up the account", name, cause: reason, remedy: remedy)
    }
}
