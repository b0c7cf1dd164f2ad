package import BlockDevices
import DataSources
import Faults
import JSONText
package import LinuxSystem
package import SystemPackage
package import TransactionPlanning

/// Looks at all attached media beside each other; one that does not answer is told, and waited for by nobody.
package struct MediaSearch: Sendable {
    /// Looks into the media of one disk.
    package typealias Look = @Sendable (FilePath) -> [MediumReport]

    /// How long the process that looks into one disk may take.
    package static let patience = Duration.seconds(20)
    /// What is added for one that cannot even be killed, because the kernel waits for the disk.
    private static let grace = Duration.seconds(3)

    private let look: Look
    private let patience: Duration

    /// Says who looks, and how long it may take.
    package init(patience: Duration = Self.patience + Self.grace, _ look: @escaping Look) {
        (self.look, self.patience) = (look, patience)
    }

    /// The disks that are attached and are not this machine's own.
    ///
    /// - Throws: `BlockDeviceError` when the kernel does not say what it has.
    package static func disks(except own: FilePath?) throws(BlockDeviceError) -> [FilePath] {
        try MachineDisk.all().map(\.path).filter { $0 != own }
    }

    /// What their media have, in the order of the disks.
    ///
    /// - Throws: `SystemError` when the kernel has nothing left to wait with.
    package func reports(_ disks: [FilePath]) throws(SystemError) -> [MediumReport] {
        let look = look
        let works = disks.map { disk -> @Sendable () -> [MediumReport] in { look(disk) } }
        let found = try OrderedRace.run(works, until: .after(patience)) { _ in false }
        return zip(disks, found).flatMap { disk, reports in reports ?? [Self.silent(disk)] }
    }

    /// Looks by a process of its own, which prints what it found: one that hangs keeps nobody.
    package static func byProcess(_ program: FilePath) -> Look {
        { disk in
            do throws(ProcessError) {
                let outcome = try ChildProcess.run(
                    program.string, ["media", "look", disk.string], timeout: patience)
                let document = try outcome.requireSuccess().standardOutput
                let media = (try? JSONValue(parsing: document))?["media"]?.elements ?? []
                return media.compactMap { MediumReport($0) }
            } catch {
                return error.kind == .timedOut ? [silent(disk)] : [MediumReport(SeenDevice(disk), problem: "\(error)")]
            }
        }
    }

    private static func silent(_ disk: FilePath) -> MediumReport {
        MediumReport(
            SeenDevice(disk),
            problem: "it did not answer within \(patience.components.seconds) seconds; take it out, and try another one"
        )
    }
}
