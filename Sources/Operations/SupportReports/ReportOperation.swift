import DiskContract
package import Faults
import ImageModel
import JSONText
import LinuxSystem
package import ReportPlanning
package import SystemPackage

/// The whole of `lifeboot report`, without its arguments and its words.
package struct ReportOperation {
    private let parts: [ReportPart]
    private let time: UTCTime
    private let version: String
    private var gathering: ReportGathering

    /// Folders whose files are only named: those of OEM and of the agent's configuration.
    package static let namedFolders: [FilePath] = [
        MachinePaths.oem, MachinePaths.imageConfiguration, MachinePaths.persistentConfiguration, "/etc/lifeboot",
        "/usr/lib/lifeboot",
    ]

    /// Prepares a report.
    ///
    /// - Parameters:
    ///   - time: seconds since 1970.
    ///   - version: of this agent.
    /// - Throws: `Refusal` when the clock says no time.
    package init(
        parts: [ReportPart] = ReportOperation.parts(), time: Int64 = WallClock.secondsSince1970, version: String,
        gathering: ReportGathering = ReportGathering()
    ) throws(Refusal) {
        guard let time = UTCTime(seconds: time) else { throw .noTime }
        self.parts = parts
        self.time = time
        self.version = version
        self.gathering = gathering
    }

    /// What the report is called where nobody names it.
    package var fileName: String { ReportManifest.name(time) + ".tar.gz" }

    /// The parts for this machine.
    package static func parts() -> [ReportPart] {
        let stages = MachinePaths.run.appending("stages")
        let files = [MachinePaths.run, stages].flatMap { folder in
            ((try? Folders.names(of: folder)) ?? []).filter { $0.hasSuffix(".json") }.sorted().map {
                folder.appending($0)
            }
        }
        return ReportPlan.parts(runtimeFiles: files, namedFolders: namedFolders)
    }

    /// Gathers and writes it.
    ///
    /// - Parameters:
    ///   - observer: is told which part comes next.
    ///   - isCancelled: asked before each part whether to stop.
    /// - Throws: `SystemError` when it cannot be written, with `Refusal` of kind `space` on a full disk; `Refusal` when it was
    ///   cancelled. Then there is no file.
    package mutating func run(
        to output: ReportOutput, observer: (_ number: Int, _ part: ReportPart) -> Void = { _, _ in },
        isCancelled: () -> Bool = { Interruption.isRequested }
    ) throws -> ReportManifest {
        let archive = try ReportArchive(output, folder: ReportManifest.name(time), time: time.seconds)
        var manifest = ReportManifest(entries: [], time: time, agent: version)
        for (index, part) in parts.enumerated() {
            guard !isCancelled() else { throw Refusal.cancelledReport }
            observer(index + 1, part)
            let (bytes, gap) = gathering.content(of: part)
            if let bytes { try archive.add(part.name, bytes) }
            manifest.entries.append(ReportEntry(part, bytes: bytes?.count, gap: gap))
        }
        try archive.add(ReportManifest.documentName, manifest.json.serialized(indented: true) + [0x0A])
        try archive.add(ReportManifest.textName, Array(manifest.text.utf8))
        try archive.finish()
        return manifest
    }
}

extension Refusal {
    /// The clock is further out than any date.
    fileprivate static let noTime = Refusal(
        .impossible, "reporting on", "this machine", cause: "its clock is far out", remedy: "Set the clock.")
    /// Somebody asked to stop.
    fileprivate static let cancelledReport = Refusal(
        .cancelled, "reporting on", "this machine", cause: "it was cancelled",
        remedy: "Run it again; nothing was written.")
}
