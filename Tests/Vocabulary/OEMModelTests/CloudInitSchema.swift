import FieldCorpus
import Foundation
import LinuxSystem

/// What cloud-init's own check says of files.
enum CloudInitSchema {
    /// Whether Python finds cloud-init.
    ///
    /// It need not be installed, which would bring services: `PYTHONPATH` may name a folder with unpacked packages.
    static let isThere = FieldCorpus.folder != nil && (try? run("import cloudinit.config.schema", "")) != nil

    /// What it finds wrong, by path of the file, each with its place; one process for all, since each takes a second to begin.
    static func problems(of paths: [String]) throws -> [String: [String]] {
        let output = try run(
            """
            import json, sys
            from cloudinit.config import schema
            known = schema.get_schema()
            for path in sys.stdin.read().splitlines():
                found = []
                try: schema.validate_cloudconfig_file(path, known, False)
                except schema.SchemaValidationError as error: found = [list(one) for one in error.schema_errors]
                print("\\n" + json.dumps([path, found]))
            """, paths.joined(separator: "\n"))
        var problems: [String: [String]] = [:]
        for line in output.split(separator: "\n") where line.hasPrefix("[") {
            guard let answer = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any],
                answer.count == 2, let path = answer[0] as? String, let found = answer[1] as? [[String]]
            else { continue }
            problems[path] = found.map { $0.joined(separator: ": ") }
        }
        return problems
    }

    private static func run(_ program: String, _ input: String) throws -> String {
        let outcome = try ChildProcess.run(
            "/usr/bin/python3", ["-c", program], input: .bytes(Array(input.utf8)), output: .capture(atMost: 1 << 20),
            errors: .tail(atMost: 1024), timeout: .seconds(120))
        return String(decoding: try outcome.requireSuccess().standardOutput, as: UTF8.self)
    }
}
