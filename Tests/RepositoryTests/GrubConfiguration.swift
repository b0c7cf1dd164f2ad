import Foundation

/// What `grub/grub.cfg` says, as far as the agent must agree with it.
struct GrubConfiguration {
    /// The commands, continued lines joined, comments gone.
    var commands: [String]

    /// Reads the configuration of the checkout.
    init() throws { self.init(parsing: try Repository.text("grub/grub.cfg")) }

    /// Reads a configuration.
    init(parsing text: String) {
        let joined = text.replacing("\\\n", with: " ")
        commands = joined.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.hasPrefix("#") }
    }

    /// The variables that it reads from `boot.env`.
    var loaded: Set<String> { variables(of: "load_env") }

    /// The variables that it writes to `boot.env`.
    var saved: Set<String> { variables(of: "save_env") }

    /// The values given to a variable by `set`, split into words.
    func values(of variable: String) -> [String] {
        let prefix = "set \(variable)="
        return commands.flatMap { $0.components(separatedBy: "; ") }.filter { $0.hasPrefix(prefix) }
            .flatMap { $0.dropFirst(prefix.count).split { " \"".contains($0) }.map(String.init) }
    }

    /// The commands of a function.
    func body(of function: String) -> [String] {
        let rest = commands.drop { $0 != "function \(function) {" }.dropFirst()
        return Array(rest.prefix { !$0.hasPrefix("function ") })
    }

    /// The names after `--file "$lifeboot_env"`; `${1}` stands for each role, a variable for all it is set to.
    private func variables(of command: String) -> Set<String> {
        let call = "\(command) --file \"$lifeboot_env\" "
        let arguments = commands.compactMap { line in
            line.range(of: call).map { line[$0.upperBound...].prefix { $0 != ";" } }
        }
        let words = arguments.flatMap { $0.split { " \"".contains($0) }.map(String.init) }
        return Set(words.flatMap(expansions))
    }

    private func expansions(_ word: String) -> [String] {
        if word.contains("${1}") {
            return ["active", "passive", "recovery"].map { word.replacing("${1}", with: $0) }
        }
        return word.hasPrefix("$") ? values(of: String(word.dropFirst())) : [word]
    }
}
