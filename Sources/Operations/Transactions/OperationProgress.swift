import DiskContract
import JSONText
import LinuxSystem
import RegistryModel
package import SystemPackage
import TransactionPlanning

/// Writes down how far an operation is, so that consoles can show it; the file is gone when the operation is.
///
/// What cannot be written stops nothing. A process that was killed leaves the file, which names it.
package final class OperationProgress {
    /// The shortest time between two writes about the same step.
    private static let pause = Duration.seconds(1)

    private let file: FilePath
    private let now: () -> Duration
    private var note: ProgressNote
    private var written: Duration?

    /// Begins for a verb.
    ///
    /// - Parameters:
    ///   - folder: where the file lies.
    ///   - now: a clock that never goes back.
    package init(
        _ operation: String, in folder: FilePath = MachinePaths.run, now: @escaping () -> Duration = MonotonicClock.now
    ) {
        file = folder.appending(ProgressNote.file)
        self.now = now
        note = ProgressNote(process: ThisProcess.identifier, operation: operation)
        write()
    }

    /// Leaves the reason why something that a unit was to do was not done, for the consoles.
    package static func note(failure: String, in folder: FilePath = MachinePaths.run) {
        try? AtomicFile.write(
            Array("\(failure)\n".utf8), to: folder.appending(ProgressNote.failureFile), isDurable: false)
    }

    /// Takes that reason away, once the same was done by somebody or given up.
    package static func forgetFailure(in folder: FilePath = MachinePaths.run) {
        try? Folders.removeFile(folder.appending(ProgressNote.failureFile))
    }

    deinit { try? Folders.removeFile(file) }

    /// Takes what an operation tells.
    package func take(_ event: TransactionEvent) {
        switch event {
        case .step(let number, let count, let name, let subject):
            note.take(step: number, of: count, text: "\(name) \(subject)")
            write()
        case .progress(let progress):
            (note.activity, note.done, note.total) = (progress.activity, progress.done, progress.total)
            guard written.map({ now() - $0 >= Self.pause }) ?? true else { return }
            write()
        case .note, .warning, .committed: break
        }
    }

    private func write() {
        written = now()
        try? AtomicFile.write(note.json.serialized(indented: false), to: file, isDurable: false)
    }
}
