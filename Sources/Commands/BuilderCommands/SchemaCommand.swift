import ArgumentParser
import CommandOutput
import JSONText
import PackageSpecs

/// Prints what editors check files of a layer with: `boatyard schema`.
struct SchemaCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print a JSON Schema of a kind of file, for editors.", discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        The kinds are \(SpecKind.allCases.map { "'\($0.rawValue)' (\($0.fileName))" }.joined(separator: ", ")). \
        The schema is of draft 2020-12; boatyard itself reads the files by the same list of keys.
        """,
        examples: [
            "Give an editor the keys of package.yaml":
                "boatyard schema package"
        ])

    @Argument(help: ArgumentHelp("The kind of file.", valueName: "kind"))
    var kind: SpecKind

    func perform(_ output: Output) throws {
        let text = String(decoding: kind.schema.serialized(indented: true), as: UTF8.self)
        output.print(text.split(separator: "\n").map(String.init))
    }
}

extension SpecKind: ExpressibleByArgument {}
