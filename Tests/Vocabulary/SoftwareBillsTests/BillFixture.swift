import ImageModel

@testable import SoftwareBills

/// Makes bills of an image that nobody built.
enum BillFixture {
    static func digest(_ byte: UInt8) throws -> Digest {
        guard let digest = Digest(bytes: [UInt8](repeating: byte, count: Digest.length)) else { throw Missing() }
        return digest
    }

    static func manifest() throws -> Manifest {
        guard let time = UTCTime("2001-09-09T01:46:40Z") else { throw Missing() }
        let verity = VerityParameters(
            rootHash: [UInt8](repeating: 1, count: 32), salt: [], hashOffset: 4096,
            uuid: "11111111-2222-4333-8444-555555555555")
        let file = Manifest.File(size: 1, sha256: try digest(2))
        return Manifest(
            name: "harbour", version: "1:2026.11~1", sequence: 1, createdAt: time, architecture: "amd64",
            osRelease: [.init("ID", "debian"), .init("VERSION_CODENAME", "bookworm")],
            root: .init(format: "squashfs", size: 8192, sha256: try digest(1), verity: verity), kernel: file,
            initrd: file)
    }

    /// Two of boatyard's own, three of Debian's (one of them for two machines), and one of apk's.
    static func packages() throws -> [InstalledSoftware] {
        var base = InstalledSoftware(.boatyard, "system/base", "12.12-1")
        base.digest = try digest(3)
        base.contents = ["bash", "libstdc++6"]
        base.license = LicenseExpression("Apache-2.0 OR MIT")
        var bash = InstalledSoftware(.deb, "bash", "5.2.15-2+b2", architecture: "amd64")
        bash.maintainer = "Matthias Klose <doko@debian.org>"
        bash.source = "bash 5.2.15-2"
        bash.license = LicenseExpression("GPL-3.0-or-later")
        var library = InstalledSoftware(.deb, "libstdc++6", "12.2.0-14", architecture: "amd64")
        library.maintainer = "Debian GCC Maintainers (\"x\") <debian-gcc@lists.debian.org>"
        var other = library
        other.architecture = "i386"
        var musl = InstalledSoftware(.apk, "musl", "1.2.4-r2", architecture: "x86_64")
        musl.maintainer = "Natanael Copa <ncopa@alpinelinux.org>"
        return [musl, InstalledSoftware(.boatyard, "app/tide", "1.0~rc1"), base, bash, library, other]
    }

    static func bill(
        organization: String? = "harbour.example", base: Bool = true, packages: [InstalledSoftware]? = nil
    ) throws -> SoftwareBill {
        let container = SoftwareBill.Base(
            "docker.io/library/debian", tag: "12-slim", digest: try digest(9), isContainer: true)
        return SoftwareBill(
            of: BilledSubject(try manifest()), tool: "boatyard-1.2.3", organization: organization,
            base: base ? container : nil,
            packages: try packages ?? Self.packages(), notes: ["the rpm database at /var/lib/rpm was not analysed"])
    }

    /// A program with a library of Debian's, one of Swift's, and one under no known licence.
    static func program() throws -> SoftwareBill {
        guard let list = LinkedSoftware(parsing: Array(linked.utf8)), let time = UTCTime("2001-09-09T01:46:40Z") else {
            throw Missing()
        }
        let subject = BilledSubject(
            program: "lifeboot", version: "1.2.3", createdAt: time, digest: try digest(7), distribution: "debian",
            release: "bookworm")
        return SoftwareBill(
            of: subject, tool: "boatyard-1.2.3", organization: "harbour.example", packages: list.packages)
    }

    static let linked = """
        Package: lvm2
        Version: 2.03.16-2
        Architecture: source
        Maintainer: Debian LVM Team <team+lvm@tracker.debian.org>
        License: LGPL-2.1-only

        Package: swift-system
        Version: 1.8.1
        Repository: github.com/apple/swift-system
        Maintainer: Swift project
        License: apache-2.0 with swift-exception

        Package: xz-utils
        Version: 5.4.1-1
        Architecture: source
        Maintainer: Debian XZ Team <team+xz@tracker.debian.org>
        """

    /// The text of a document.
    static func text(_ bill: SoftwareBill, files: [BillOfFiles.Entry]? = nil) throws -> [UInt8] {
        let code = String(repeating: "c", count: 40)
        let document = SPDXDocument(bill, files: files.map { _ in BillOfFiles(verificationCode: code) })
        var text: [UInt8] = []
        for part in SPDXDocument.Part.allCases {
            try document.write(part) { text += $0 }
            let lines = part == .packages ? files?.map(\.line) : part == .relationships ? files?.map(\.relation) : []
            text += Array((lines ?? []).joined(separator: Array(",\n".utf8)))
        }
        return text
    }

    struct Missing: Error {}
}
