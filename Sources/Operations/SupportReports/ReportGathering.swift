import Faults
import JSONText
import LinuxSystem
package import ReportPlanning
package import SystemPackage

/// Gathers the parts of a report from the machine that this program runs on, each with its bounds.
///
/// What verbs print is asked of processes of their own: one that hangs on a broken disk, or dies, is only a gap.
package struct ReportGathering {
    /// The agent, as it is started.
    private let agent: FilePath
    /// The status, once it is known: others are taken from it.
    private var status: JSONValue?
    /// The most files that are named.
    private static let nameLimit = 2_000

    /// Gathers with an agent; this program by itself.
    package init(agent: FilePath = "/proc/self/exe") { self.agent = agent }

    /// What a part holds, and what is missing of it; both without secrets.
    package mutating func content(of part: ReportPart) -> (bytes: [UInt8]?, gap: String?) {
        do {
            var (bytes, gap) = try raw(part)
            if part.isJSON {
                guard let value = try? JSONValue(parsing: bytes) else {
                    return (cleaned(bytes), gap ?? "It is no JSON.")
                }
                if part.name == ReportPlan.statusName { status = value }
                bytes = SecretRemoval.json(value).serialized(indented: true) + [0x0A]
            } else {
                bytes = SecretRemoval.text(bytes)
            }
            return (bytes, gap.map { cleaned($0) })
        } catch { return (nil, cleaned(Self.reason(error))) }
    }

    /// Why alone: what was done is the part, and there is nobody who could do it again.
    private static func reason(_ error: any Error) -> String { (error as? any OperatorFault)?.cause ?? "\(error)" }

    private func cleaned(_ bytes: [UInt8]) -> [UInt8] { SecretRemoval.text(bytes) }
    private func cleaned(_ text: String) -> String {
        String(decoding: SecretRemoval.text(Array(text.utf8)), as: UTF8.self)
    }

    private func raw(_ part: ReportPart) throws -> (bytes: [UInt8], gap: String?) {
        switch part.source {
        case .agent(let arguments): return try output(agent.string, arguments, part)
        case .program(let program, let arguments): return try output(program, arguments, part)
        case .file(let file): return (try FileBytes.read(file, limit: part.limit), nil)
        case .names(let folders): return Self.names(below: folders)
        case .statusMembers(let names):
            guard let status = status?.object else { throw Gap.noStatus }
            let members = names.map { JSONObject.Member($0, status[$0] ?? .null) }
            let all = JSONValue.object(JSONObject([.init("format", 1)] + members))
            return (all.serialized(indented: true), nil)
        case .nextBoot:
            guard let next = status?["nextBoot"], let role = next["role"]?.text, let image = next["image"]?.text,
                let reason = next["reason"]?.text
            else { throw Gap.noNextBoot }
            let line = String(decoding: try FileBytes.read("/proc/cmdline", limit: 1 << 16), as: UTF8.self)
            let chosen = NextBootLine.line(line, role: role, image: image, reason: reason)
            return try output(agent.string, ["plan", "--command-line", chosen], part)
        }
    }

    /// Why a part cannot be made of another.
    private enum Gap: Error, CustomStringConvertible {
        case noStatus, noNextBoot

        var description: String {
            switch self {
            case .noStatus: "The status is not known; see \(ReportPlan.statusName)."
            case .noNextBoot: "The status does not say what is next."
            }
        }
    }

    /// What a program prints, its end; an exit status other than zero is a gap beside what it printed.
    private func output(
        _ program: String, _ arguments: [String], _ part: ReportPart
    ) throws(ProcessError) -> (bytes: [UInt8], gap: String?) {
        let kept: ChildProcess.Output = part.isJSON ? .capture(atMost: part.limit) : .tail(atMost: part.limit)
        let outcome = try ChildProcess.run(program, arguments, output: kept, timeout: part.time)
        let bytes = outcome.standardOutput
        do throws(ProcessError) { try outcome.requireSuccess() } catch {
            guard !bytes.isEmpty else { throw error }
            return (bytes, Self.reason(error))
        }
        let isCut = !part.isJSON && bytes.count >= part.limit
        return (bytes, isCut ? "Only its last \(part.limit) bytes are here." : nil)
    }

    // MARK: Names

    /// A line for each file: mode, size and path.
    private static func names(below folders: [FilePath]) -> (bytes: [UInt8], gap: String?) {
        var (lines, gaps): ([String], [String]) = ([], [])
        for folder in folders {
            guard let status = try? FileStatus.of(folder), status.kind == .directory else { continue }
            do { try add(folder, &lines) } catch { gaps.append("\(error)") }
        }
        if lines.count >= nameLimit { gaps.append("Only \(nameLimit) names are here.") }
        let text = lines.joined(separator: "\n") + "\n"
        return (Array(text.utf8), gaps.isEmpty ? nil : gaps.joined(separator: " "))
    }

    private static func add(_ folder: FilePath, _ lines: inout [String]) throws(SystemError) {
        var walk = try FolderWalk(folder)
        while lines.count < nameLimit, let file = try walk.next() {
            let mode = String(file.permissions, radix: 8)
            lines.append("\(mode) \(file.stamp.size) \(folder)/\(String(decoding: file.path, as: UTF8.self))")
        }
    }
}
