import JSONText
import OEMPlanning
import ShellConditions
import Templates

/// A text of a step: a template, and what comes of it a condition.
enum StepText {
    /// Fills a text in, and decides it as a condition.
    static func check(_ text: String) throws(FuzzFailure) {
        let result = try? Renderer().render(text, forHostname: false).text
        if let result, Template.occurs(in: text), result.utf8.count > Template.maximumOutput {
            throw FuzzFailure(because: "the result has \(result.utf8.count) bytes")
        }
        for text in [text, result].compactMap(\.self) { _ = ShellCondition(text)?.holds(in: Files()) }
    }

    /// Fills templates in from a few values.
    struct Renderer: TextRenderer {
        func render(_ text: String, forHostname: Bool) throws(RenderingError) -> RenderedText {
            guard Template.occurs(in: text) else { return RenderedText(text) }
            do throws(TemplateError) {
                let surroundings = TemplateSurroundings(
                    random: { [UInt8](repeating: 7, count: $0) }, sha256: { Array($0.prefix(32)) })
                return RenderedText(try Template(parsing: text).render(Self.values, surroundings))
            } catch { throw RenderingError(error.description) }
        }

        private static let values: JSONValue = [
            "Values": [
                "node": ["hostname": "box", "machineid": "0123456789abcdef"], "memory": ["size": 4096],
                "network": [["name": "eth0", "speed": "1000"], ["name": "eth1"]], "Random": "0a1b",
            ],
            "MachineID": "0123456789abcdef",
        ]
    }

    /// Two files and a folder.
    private struct Files: ConditionFiles {
        private static let texts = ["/proc/cmdline": "root=LABEL=x quiet\nlifeboot.stage\n", "/empty": ""]

        func attributes(of path: String) -> FileAttributes? {
            if path == "/oem" { return FileAttributes(target: FileTarget(.folder, size: 40)) }
            return Self.texts[path].map { FileAttributes(target: FileTarget(.regular, size: $0.utf8.count)) }
        }

        func contents(of path: String, atMost limit: Int) -> FileContents {
            Self.texts[path].map { .bytes(Array($0.utf8)) } ?? .unreadable
        }
    }
}
