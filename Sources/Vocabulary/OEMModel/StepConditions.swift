import DocumentTree
import JSONText

/// When a step runs; all must hold.
package struct StepConditions: Equatable, Sendable {
    /// Files that must be there or not.
    package struct Files: Equatable, Sendable {
        /// All of these.
        package var all: [String] = []
        /// At least one of these.
        package var any: [String] = []
        /// None of these.
        package var none: [String] = []

        static let table = DocumentTable<Files>(
            "if_files", emptyIsAbsent: true,
            [
                DocumentKey("all", .list(of: .target, "a path"), default: [], "All must be there.") { $0.all = $1 },
                DocumentKey("any", .list(of: .target, "a path"), default: [], "One must be there.") { $0.any = $1 },
                DocumentKey("none", .list(of: .target, "a path"), default: [], "None may be there.") { $0.none = $1 },
            ])
    }

    /// Who starts the services of a system.
    package enum ServiceManager: String, CaseIterable, Sendable {
        case systemd, openrc
    }

    /// An expression that the hostname must match.
    package var node: String?
    /// An expression that the name of the operating system (`PRETTY_NAME`) must match.
    package var system: String?
    /// An expression that its version (`VERSION_ID`) must match.
    package var version: String?
    /// An expression that the processor's architecture must match, in Go's words: `amd64`, `arm64`, `riscv64`.
    package var architecture: String?
    /// The service manager that must be there.
    package var serviceManager: ServiceManager?
    /// Files that must be there or not.
    package var files: Files?
    /// A shell's condition; a template.
    package var shell: String?

    /// The keys of a step that are conditions.
    static let keys: [DocumentKey<StageStep>] = [
        DocumentKey(
            "if", .words,
            "A condition as a shell takes it; what closed forms of `test` and `grep` say is decided at once."
        ) { $0.conditions.shell = $1 },
        DocumentKey("node", .pattern, "A regular expression that the hostname must match.") {
            $0.conditions.node = $1
        },
        DocumentKey("only_os", .pattern, "A regular expression that `PRETTY_NAME` of os-release must match.") {
            $0.conditions.system = $1
        },
        DocumentKey("only_os_version", .pattern, "A regular expression that `VERSION_ID` must match.") {
            $0.conditions.version = $1
        },
        DocumentKey("only_arch", .pattern, "A regular expression for `amd64`, `arm64` or `riscv64`.") {
            $0.conditions.architecture = $1
        },
        DocumentKey("only_service_manager", .choice, "The service manager that must be there.") {
            $0.conditions.serviceManager = $1
        },
        DocumentKey("if_files", .table(Files.table, from: Files()), "Files that must be there, or not.") {
            $0.conditions.files = $1
        },
    ]
}

extension DocumentValue where Value == String {
    /// A POSIX extended regular expression, without what only other dialects have.
    static var pattern: Self {
        Self(.text("a regular expression")) { (node, name) throws(DocumentError) in
            let text = try node.text(name)
            let bytes = Array(text.utf8)
            for index in bytes.indices.dropFirst() where bytes[index - 1] == 0x28 && bytes[index] == 0x3F {
                throw DocumentError(
                    at: node.mark,
                    "\(name) '\(text)' has '(?', which regular expressions of POSIX do not have; write several steps, or 'if'"
                )
            }
            return text
        }
    }
}
