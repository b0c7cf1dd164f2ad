import ArgumentParser
import DocumentTree

/// Finds the command that somebody meant.
enum CommandNames {
    /// What to say about the first word that is no command where one is expected; nil when every one is known, or near none.
    static func hint(_ root: any ParsableCommand.Type, _ arguments: [String]) -> String? {
        var command = root
        var path = root._commandName
        for word in arguments {
            let known = command.configuration.subcommands
            guard !known.isEmpty, !word.hasPrefix("-") else { return nil }
            guard let next = known.first(where: { $0._commandName == word }) else {
                let names = known.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
                return names.nearest(to: word).map { "Did you mean '\(path) \($0)'?" }
            }
            command = next
            path += " \(word)"
        }
        return nil
    }
}
