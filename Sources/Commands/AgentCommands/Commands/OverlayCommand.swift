package import ArgumentParser
package import CommandOutput
import Faults
import ImageFolders
import InstalledSystem
import JSONText
import OEMExecution
import OverlayPlanning
import Overlays
import Plans
import SystemPackage
import Transactions

/// `lifeboot overlay`.
package struct OverlayCommand: ParsableCommand {
    /// What `lifeboot overlay --help` says.
    package static let configuration = CommandConfiguration(
        commandName: "overlay",
        abstract: "Show and change what is stacked over the image's /usr, /opt and /etc.",
        discussion: """
            Overlays lie in /system/oem/overlays and /oem/overlays: folders, archives (.tar, .tar.zst) and extension \
            images (.raw, .squashfs, .erofs), named NN-NAME. They are stacked when the machine starts. See \
            docs/overlays.md.
            """,
        subcommands: [List.self, Check.self, Add.self, Remove.self, Stack.self])

    /// Takes no options of its own.
    package init() {}

    /// `lifeboot overlay list`.
    package struct List: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the overlays, and what became of them when the machine started.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            "Nothing is changed, and nothing is looked into but what was found when the machine started.",
            examples: [
                "See what is stacked over the image":
                    "lifeboot overlay list"
            ])

        @Flag(help: "Print JSON (\"format\": 1; see docs/overlays.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Lists them.
        package func perform(_ output: Output) throws {
            let inventory = OverlayInventory(OverlayRoot("/"), SystemSeal())
            output.show(inventory.json, lines: inventory.lines.isEmpty ? ["There are no overlays."] : inventory.lines)
        }
    }

    /// `lifeboot overlay check`.
    package struct Check: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Judge the overlays as the next boot will; change nothing.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            Looks into every overlay, and reports conflicts, too. Ends with status 1 when one of them would not \
            be stacked because it is bad. Must run as root.
            """,
            examples: [
                "Judge a file before it is added":
                    "lifeboot overlay check 10-tools.raw"
            ])

        /// One that is not there yet.
        @OptionGroup package var options: OverlayOptions

        @Argument(
            help: ArgumentHelp("An overlay, judged as if it had been added.", valueName: "file"), completion: .file())
        package var file: String?

        @Flag(help: "Print JSON (\"format\": 1; see docs/overlays.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Judges them.
        package func perform(_ output: Output) throws {
            _ = try Machine.forRoot("overlay check")
            let decision = try MachineOverlays.withImage { request in
                guard let file else { return try OverlayCheck.decision(request) }
                let addition = try OverlayAddition(FilePath(file), order: options.order)
                return try OverlayCheck.decision(addition.checking(request))
            }
            let lines = decision.listing + decision.findings.filter { !decision.listing.contains($0) }
            output.show(decision.json, lines: lines.isEmpty ? ["There are no overlays."] : lines)
            let isBad = decision.entries.contains { if case .refused = $0.verdict { true } else { false } }
            try (isBad ? AgentExit.negative : .success).end()
        }
    }

    /// `lifeboot overlay add`.
    package struct Add: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Copy an overlay to the OEM partition; it counts from the next boot on.",
            discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            It is judged first, and refused when it would not be stacked. Files beside it (.sig, .verity, \
            .roothash) are copied with it. Must run as root.
            """,
            examples: [
                "Add tools from the next boot on":
                    "lifeboot overlay add 10-tools.raw"
            ])

        /// Where it goes.
        @OptionGroup package var options: OverlayOptions

        @Argument(help: ArgumentHelp("A file or folder.", valueName: "file"), completion: .file())
        package var file: String

        @Flag(help: "Replace an overlay of the same file name.")
        package var replace = false

        @Flag(help: "Print JSON (\"format\": 1; see docs/overlays.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Adds it.
        package func perform(_ output: Output) throws {
            try OverlayCommand.change("overlay add") {
                let addition = try MachineOverlays.withImage {
                    try OverlayAddition.add(FilePath(file), order: options.order, replacing: replace, to: $0)
                }
                output.show(addition.json, lines: [addition.line])
            }
        }
    }

    /// `lifeboot overlay remove`.
    package struct Remove: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Remove an overlay from the OEM partition.", discussion: help)

        /// What help and manual say of it.
        package static let text = VerbText(
            """
            What is stacked of it stays until the next boot. One that its policy requires is refused. Must run \
            as root.
            """,
            examples: [
                "Remove them again":
                    "lifeboot overlay remove 10-tools"
            ])

        @Argument(help: ArgumentHelp("Its name, such as 10-tools, or that of its file.", valueName: "name"))
        package var name: String

        @Flag(help: "Print JSON (\"format\": 1; see docs/overlays.md).")
        package var json = false

        /// Starts with the defaults.
        package init() {}

        /// Removes it.
        package func perform(_ output: Output) throws {
            try OverlayCommand.change("overlay remove") {
                let removal = try OverlayRemoval.remove(name, from: OverlayRoot("/"), SystemSeal())
                output.show(removal.json, lines: [removal.line])
            }
        }
    }

    /// Changes the folder of the OEM partition while nobody else changes this machine.
    ///
    /// - Throws: `Refusal` without root, on other systems, and when another operation is at work; what the body throws.
    private static func change(_ verb: String, _ body: () throws -> Void) throws {
        _ = try Machine.forRoot(verb)
        let lock = try OperationLock.take(verb, isAlone: false)
        try withExtendedLifetime(lock) { try body() }
    }

    /// `lifeboot overlay stack`, which the initramfs starts.
    package struct Stack: AgentVerb {
        /// What its help says.
        package static let configuration = CommandConfiguration(
            commandName: "stack", abstract: "Stack the overlays of a root that is not started yet.",
            discussion: "Ends with status 1 when an overlay cannot be stacked that its policy requires.",
            shouldDisplay: false)

        @Option(help: ArgumentHelp("The root.", valueName: "folder"), completion: .directory)
        package var root: String

        /// Starts with the defaults.
        package init() {}

        /// Stacks them.
        package func perform(_ output: Output) throws {
            var run = OverlayRun(try MachineOverlays.request(root: FilePath(root)))
            do {
                for problem in try run.perform()?.problems ?? [] { output.remark(problem) }
            } catch let error as OverlayError {
                output.remark("\(error)")
                try AgentExit.negative.end()
            } catch let failure as StepFailure {
                // Only steps of overlays that are required end it.
                output.remark("\(failure.step) \(failure.subject): \(failure.error)")
                try AgentExit.negative.end()
            }
        }
    }
}

/// Where an overlay goes.
package struct OverlayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Its place in the stack, 0 to 99, when its name does not begin with it; the higher lies above the lower.",
            valueName: "number"))
    package var order: Int?

    /// Starts with the defaults.
    package init() {}
}
