import ArgumentParser
import CommandOutput
import JSONText
import PackageBuilding

/// Notes what a layer uses from outside: `boatyard lock`.
struct LockCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Note in boatyard.lock which images, downloads and packages a layer uses, by digest.",
        discussion: help)

    /// What help and manual say of it.
    static let text = VerbText(
        """
        Builds use what the lock says, whatever a tag or an address means later. Without --update only what is \
        missing is looked up; what nothing uses is left out. Commit the file with the others.

        Of the layers below it holds their indexes, and the packages that the layer's files need of them, as \
        'boatyard solve' chooses them; a build checks that they fit, and chooses nothing. Where the layer's \
        image lies on that of a layer below, it holds which one, and the packages that are in it.
        """,
        statuses: [
            0: "the lock is complete",
            2: "something could not be found out, the lock is as it was",
        ],
        examples: [
            "Note what the layer uses now":
                "boatyard lock"
        ])

    @Flag(help: "Look up again what is noted: all of it, or the names that follow.")
    var update = false
    @Argument(
        help: ArgumentHelp(
            "With --update, references of images and repositories, names of layers, and addresses.", valueName: "name"))
    var names: [String] = []
    @OptionGroup(title: "Which layer")
    var layer: LayerOptions
    @Flag(help: "Print JSON, one object a line (see docs/events.md).")
    var json = false

    func validate() throws {
        if !names.isEmpty, !update { throw ValidationError("names are only taken with --update") }
    }

    func perform(_ output: Output) throws {
        var session = try layer.session(output)
        let changes = try session.completeLock(updating: update && names.isEmpty ? nil : Set(names))
        let message = changes.isEmpty ? "The lock is complete; nothing has changed." : "boatyard.lock was written."
        output.end(
            OperationResult(
                "lock", changed: !changes.isEmpty, message, details: ["changes": .array(changes.map { .string($0) })]),
            lines: changes + [message])
    }
}
