import ImageModel
import JSONText
import SoftwareBills

extension FuzzTarget {
    /// What says what is installed in a root filesystem.
    static let software: [FuzzTarget] = [
        returns("package-list", { try PackageList(parsing: $0) }, { $0.serialized() }),
        returns("license-expression", { LicenseExpression(text($0)) }, { Array($0.description.utf8) }),
        FuzzTarget(name: "software-list") { (bytes) throws(FuzzFailure) in try softwareList(bytes) },
    ]

    /// Takes the bytes for each of the lists, and writes the bill of what they say, which has to be JSON.
    private static func softwareList(_ bytes: [UInt8]) throws(FuzzFailure) {
        var inventory = SoftwareInventory()
        let paths = [
            "var/lib/dpkg/status", "lib/apk/db/installed", PackageList.path, "usr/share/doc/a/copyright",
        ]
        for path in paths {
            inventory.begin(path)
            inventory.take(bytes.span)
            inventory.end()
        }
        inventory.link("usr/share/doc/\(text(bytes))", to: text(bytes))
        let findings = inventory.findings
        guard Set(findings.packages).count == findings.packages.count else {
            throw FuzzFailure(because: "a package is listed twice")
        }
        do {
            let bill = SoftwareBill(of: BilledSubject(try manifest()), tool: "boatyard-1", packages: findings.packages)
            var document: [UInt8] = []
            for part in SPDXDocument.Part.allCases { try SPDXDocument(bill).write(part) { document += $0 } }
            let ids = try JSONValue(parsing: document)["packages"]?.elements?.compactMap { $0["SPDXID"]?.text } ?? []
            guard Set(ids).count == findings.packages.count + 1 else {
                throw FuzzFailure(because: "\(findings.packages.count) packages have \(Set(ids).count) names")
            }
        } catch let failure as FuzzFailure { throw failure } catch {
            throw FuzzFailure(because: "the bill is not read: \(error)")
        }
    }

    private static func manifest() throws -> Manifest {
        let digest = String(repeating: "0", count: 64)
        let file = #"{"size":1,"sha256":"\#(digest)"}"#
        let verity = #"""
            {"rootHash":"\#(digest)","salt":"","hashOffset":4096,"dataBlockSize":4096,"hashBlockSize":4096,
            "algorithm":"sha256","uuid":"11111111-2222-4333-8444-555555555555"}
            """#
        let root = #"{"format":"squashfs","size":8192,"sha256":"\#(digest)","verity":\#(verity)}"#
        let text = #"""
            {"schema":"1.0","name":"a","version":"1","sequence":1,"createdAt":"2001-09-09T01:46:40Z","architecture":"amd64",
            "osRelease":{},"root":\#(root),"kernel":\#(file),"initrd":\#(file)}
            """#
        return try Manifest(parsing: Array(text.utf8))
    }
}
