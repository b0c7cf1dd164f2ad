import Foundation
import LinuxSystem
import RegistryModel
import SystemPackage
import Testing
import TransactionPlanning
import Transactions

@Suite("The progress of an operation")
struct OperationProgressTests {
    /// A clock that a test sets.
    private final class Clock { var time = Duration.zero }

    private func withFolder(_ body: (FilePath) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("progress-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(FilePath(folder.path))
    }

    private func note(_ folder: FilePath) -> ProgressNote? {
        let bytes = (try? FileBytes.readIfPresent(folder.appending(ProgressNote.file), limit: 4_096)) ?? nil
        return bytes.flatMap { ProgressNote(parsing: $0) }
    }

    @Test("is in a file as long as it runs: each step at once, a transfer once a second")
    func file() throws {
        try withFolder { folder in
            let clock = Clock()
            do {
                let progress = OperationProgress("upgrade", in: folder, now: { clock.time })
                #expect(note(folder)?.lines == ["upgrade"])
                #expect(note(folder)?.process == ThisProcess.identifier)
                progress.take(.step(2, of: 5, name: "deploy-image", subject: "acme 3.0"))
                #expect(note(folder)?.lines == ["upgrade, step 2 of 5: deploy-image acme 3.0"])
                progress.take(.progress(TransferProgress("copying root.squashfs", done: 10 << 20, total: 100 << 20)))
                #expect(note(folder)?.lines.count == 1, "too soon after the step")
                clock.time = .seconds(2)
                progress.take(.progress(TransferProgress("copying root.squashfs", done: 20 << 20, total: 100 << 20)))
                #expect(note(folder)?.lines.last == "  copying root.squashfs, 20 % of 100 MiB")
                withExtendedLifetime(progress) {}
            }
            #expect(note(folder) == nil)
        }
    }

    @Test("of what failed stays until somebody reads it")
    func failure() throws {
        try withFolder { folder in
            OperationProgress.note(failure: "a hook failed", in: folder)
            let bytes = try FileBytes.read(folder.appending(ProgressNote.failureFile), limit: 4_096)
            #expect(String(decoding: bytes, as: UTF8.self) == "a hook failed\n")
            // Once it was done by somebody, or given up.
            for _ in 0..<2 { OperationProgress.forgetFailure(in: folder) }
            #expect(try FileStatus.of(folder.appending(ProgressNote.failureFile)) == nil)
        }
    }
}
