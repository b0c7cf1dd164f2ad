import Foundation
import LinuxSystem
import OEMExecution
import OEMModel
import OEMPlanning
import SystemPackage
import Testing

/// A root with account files, in a folder that goes with the test.
final class FixtureRoot {
    let path: FilePath

    init(_ files: [String: String] = [:], in folder: URL = FileManager.default.temporaryDirectory) throws {
        let url = folder.appendingPathComponent("root-\(UUID().uuidString)")
        path = FilePath(url.path)
        let accounts = [
            "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "/etc/group": "root:x:0:\nadmin:x:110:\n",
            "/etc/shadow": "root:*:19000:0:99999:7:::\n", "/etc/hosts": "127.0.0.1 localhost\n",
            "/usr/share/zoneinfo/Europe/Prague": "",
        ]
        for (name, text) in accounts.merging(files, uniquingKeysWith: { $1 }) { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path.string) }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: path.string + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: URL(fileURLWithPath: path.string + name), encoding: .utf8)
    }

    func mode(_ name: String) throws -> String {
        let status = try #require(try FileStatus.of(FilePath(path.string + name), followingLinks: false))
        return String(status.permissions.rawValue, radix: 8)
    }

    /// Runs a stage of the files that lie in the root.
    ///
    /// - Parameter change: changes what carries the stage out.
    func run(
        _ stage: String, _ change: (inout LiveStageEffects) -> Void = { _ in }
    ) throws -> StageReport {
        var facts = StageFacts(stage: stage, documents: OEMSources.documents(in: path), renderer: NoTemplates())
        facts.matches = { PosixPattern.matches($0, $1) }
        var effects = try LiveStageEffects(stage: stage, root: path, timeout: .seconds(10))
        change(&effects)
        return StageRunner(stage: stage, root: path, timeout: .seconds(10)).run(StagePlan(facts), &effects)
    }

    /// Runs a stage of one text, whose one action changes the machine itself, and gives that action.
    ///
    /// - Parameter change: changes what carries the stage out.
    func runHere(
        _ stage: String, _ text: String, _ change: (inout LiveStageEffects) -> Void = { _ in }
    ) throws -> StageActionReport {
        try write(text, to: "/here.yaml")
        let documents = OEMSources.given(path.appending("here.yaml"))
        let facts = StageFacts(stage: stage, documents: documents, renderer: NoTemplates())
        var effects = try LiveStageEffects(stage: stage, root: "/", timeout: .seconds(30))
        change(&effects)
        let report = StageRunner(stage: stage, root: "/", timeout: .seconds(30)).run(StagePlan(facts), &effects)
        return try #require(report.steps.first?.actions.first)
    }
}

/// Leaves texts as they are.
struct NoTemplates: TextRenderer {
    func render(_ text: String, forHostname: Bool) throws(RenderingError) -> RenderedText { RenderedText(text) }
}
