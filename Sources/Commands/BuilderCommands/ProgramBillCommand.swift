import ArgumentParser
import CommandOutput
import ImageBuilding
import LinuxSystem
import SystemPackage

/// Writes the bill of an executable's libraries: `boatyard program-bill`, which scripts/bill-programs calls.
struct ProgramBillCommand: BoatyardVerb {
    static let configuration = CommandConfiguration(
        commandName: "program-bill",
        abstract: "Write what is linked into an executable as SPDX, at the time SOURCE_DATE_EPOCH.",
        shouldDisplay: false)

    @Argument(help: ArgumentHelp("The executable.", valueName: "file"))
    var executable: String
    @Option(help: ArgumentHelp("List of what is linked: stanzas as dpkg's.", valueName: "file"))
    var linked: String
    @Option(help: "The release of Debian that the libraries are of.")
    var release: String?
    @Option(help: "Who publishes the executable.")
    var organization: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "file"))
    var output: String

    func perform(_ output: Output) throws {
        guard let time = try ImageBuildCommand.sourceDate(ThisProcess.variable("SOURCE_DATE_EPOCH")) else {
            throw ValidationError("SOURCE_DATE_EPOCH is not set, which says when the executable was made")
        }
        var bill = ProgramBill(
            of: FilePath(executable), linked: FilePath(linked), version: ProgramVersion.text, time: time)
        (bill.release, bill.organization) = (release, organization)
        try bill.write(to: FilePath(self.output))
    }
}
