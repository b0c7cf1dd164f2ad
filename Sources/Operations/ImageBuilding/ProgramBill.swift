import ImageAssembly
package import ImageModel
import LinuxSystem
import SoftwareBills
package import SystemPackage

/// Writes the bill of what is linked into an executable.
package struct ProgramBill: Sendable {
    /// The longest list that is read.
    private static let listLimit = 1 << 20

    /// The executable, after which the program is called.
    package var executable: FilePath
    /// The list of what is linked into it.
    package var linked: FilePath
    /// The version of the program, and of the tool that writes the bill: they are built from one checkout.
    package var version: String
    /// When the program was made.
    package var time: UTCTime
    /// Who publishes the program; nil when nobody said it.
    package var organization: String?
    /// The release of Debian that the libraries are of.
    package var release: String?

    /// Describes a bill; what has a default can be set afterwards.
    package init(of executable: FilePath, linked: FilePath, version: String, time: UTCTime) {
        self.executable = executable
        self.linked = linked
        self.version = version
        self.time = time
    }

    /// Reads executable and list, and writes the bill to a file, which may be there.
    ///
    /// - Throws: `ImageBuildError` when the list cannot be used, and whatever reading and writing throw.
    package func write(to path: FilePath) throws {
        let list = try FileBytes.read(linked, limit: Self.listLimit)
        guard let software = LinkedSoftware(parsing: list) else {
            throw ImageBuildError(
                "reading the list of libraries", linked.string,
                "a stanza has no name, version and place, or a licence that SPDX does not know",
                remedy: "Write Package, Version, License, and Architecture or Repository into each.")
        }
        let subject = BilledSubject(
            program: executable.lastComponent?.string ?? "program", version: version, createdAt: time,
            digest: try ImageFileDigest.of(executable).sha256, distribution: "debian", release: release)
        let bill = SoftwareBill(
            of: subject, tool: "boatyard-\(version)", organization: organization, packages: software.packages)
        var text: [UInt8] = []
        for part in SPDXDocument.Part.allCases { try SPDXDocument(bill).write(part) { text += $0 } }
        try AtomicFile.write(text, to: path, permissions: ImageStaging.fileMode)
    }
}
