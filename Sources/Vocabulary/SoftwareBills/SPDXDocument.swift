// The bill as SPDX 2.3 in JSON (https://spdx.github.io/spdx-spec/v2.3, ISO/IEC 5962), reproducible byte for byte.
import ImageModel
import JSONText

/// Writes a bill piece by piece, so that a long one needs little memory.
package struct SPDXDocument {
    /// Says that nobody claims anything.
    static let nothing: JSONValue = "NOASSERTION"
    static let document = "SPDXRef-DOCUMENT"
    static let image = "SPDXRef-Image"
    static let base = "SPDXRef-Base"

    private let bill: SoftwareBill
    private let files: BillOfFiles?

    /// Prepares to write.
    ///
    /// - Parameter files: the files of the root, where they are to be listed.
    package init(_ bill: SoftwareBill, files: BillOfFiles? = nil) {
        self.bill = bill
        self.files = files
    }

    /// The document in three parts; where files are listed, their lines come between these, each line but the last of
    /// its kind with a comma and a line feed behind it.
    package enum Part: CaseIterable, Sendable {
        /// Up to the packages; `BillOfFiles.Entry.line` of all files follows.
        case packages
        /// What contains what; `BillOfFiles.Entry.relation` of all files follows.
        case relationships
        /// The end.
        case end
    }

    /// Writes a part.
    ///
    /// - Parameter sink: takes the next bytes.
    /// - Throws: what the sink throws.
    package func write(_ part: Part, to sink: ([UInt8]) throws -> Void) throws {
        let names = SPDXNames(bill.packages)
        switch part {
        case .packages: try writePackages(names, to: sink)
        case .relationships:
            if files != nil { try sink(Array("\n  ],\n".utf8)) }
            try sink(Array("  \"relationships\": [\n".utf8))
            try lines(relationships(names).map(JSONValue.object), isLast: files == nil, sink)
        case .end: try sink(Array("\(files == nil ? "" : "\n")  ]\n}\n".utf8))
        }
    }

    private func writePackages(_ names: SPDXNames, to sink: ([UInt8]) throws -> Void) throws {
        try sink(Array("{\n".utf8))
        for member in head.members {
            try sink(Array("  ".utf8) + JSONValue.string(member.name).serialized() + Array(": ".utf8))
            try sink(member.value.serialized() + Array(",\n".utf8))
        }
        try sink(Array("  \"packages\": [\n".utf8))
        try lines([subject] + [bill.base.map(container)].compactMap { $0 }, isLast: bill.packages.isEmpty, sink)
        for (number, package) in bill.packages.enumerated() {
            try lines([describe(package, names)], isLast: number == bill.packages.count - 1, sink)
        }
        try sink(Array("  ],\n\(files == nil ? "" : "  \"files\": [\n")".utf8))
    }

    private func lines(_ values: [JSONValue], isLast: Bool, _ sink: ([UInt8]) throws -> Void) throws {
        for (number, value) in values.enumerated() {
            let comma = isLast && number == values.count - 1 ? "\n" : ",\n"
            try sink(Array("    ".utf8) + value.serialized() + Array(comma.utf8))
        }
    }

    private var head: JSONObject {
        let creators = ["Tool: \(bill.tool)"] + (bill.organization.map { ["Organization: \($0)"] } ?? [])
        var head: JSONObject = [
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": .string(Self.document),
            "name": .string(bill.name), "documentNamespace": .string(bill.namespace),
            "creationInfo": [
                "created": .string("\(bill.subject.createdAt)"), "creators": .array(creators.map { .string($0) }),
            ],
        ]
        // Even where all is well, so that nobody takes a list for more than it is.
        let notes = [bill.subject.origin] + bill.notes.map { "Note: \($0)." }
        head["comment"] = .string(notes.joined(separator: " "))
        head["documentDescribes"] = [.string(bill.subject.id)]
        return head
    }

    private var organization: JSONValue { bill.organization.map { .string("Organization: \($0)") } ?? Self.nothing }

    private var subject: JSONValue {
        let subject = bill.subject
        var package = Self.package(subject.id, subject.name, subject.version, supplier: organization)
        package["primaryPackagePurpose"] = .string(subject.purpose)
        package["checksums"] = Self.checksum(subject.digest)
        if let files {
            package["filesAnalyzed"] = true
            package["packageVerificationCode"] = ["packageVerificationCodeValue": .string(files.verificationCode)]
        }
        return .object(package)
    }

    private func container(_ base: SoftwareBill.Base) -> JSONValue {
        let parts = base.name.split(separator: "/").map(String.init)
        let isInRegistry = base.isContainer && parts.count > 1
        let supplier = isInRegistry ? .string("Organization: \(parts[0])") : organization
        let version = base.tag ?? base.digest.registryText
        var container = Self.package(Self.base, parts.last ?? base.name, version, supplier: supplier)
        container["primaryPackagePurpose"] = base.isContainer ? "CONTAINER" : "ARCHIVE"
        container["checksums"] = Self.checksum(base.digest)
        container["externalRefs"] = Self.url(of: base).map { Self.reference($0) }
        return .object(container)
    }

    private func describe(_ software: InstalledSoftware, _ names: SPDXNames) -> JSONValue {
        let supplier =
            software.kind == .boatyard ? organization : software.maintainer.map { .string(SPDXActor.text($0)) }
        var package = Self.package(
            names[software], software.name, software.version, supplier: supplier ?? Self.nothing,
            license: software.license)
        package["checksums"] = software.digest.map { Self.checksum($0) }
        package["sourceInfo"] = software.source.map { .string("built from the source package \($0)") }
        package["externalRefs"] = Self.reference(url(of: software))
        return .object(package)
    }

    private func url(of software: InstalledSoftware) -> String {
        let distribution = bill.subject.distribution
        let qualifiers = [("arch", software.architecture), ("distro", bill.subject.release)]
        switch software.kind {
        case .boatyard:
            return software.genericURL
        case .swift:
            return PackageURL(
                "swift", software.name.split(separator: "/").map(String.init), version: software.version
            ).description
        case .deb:
            return PackageURL(
                "deb", [distribution ?? "debian", software.name], version: software.version, qualifiers: qualifiers
            ).description
        case .apk:
            return PackageURL(
                "apk", [distribution ?? "alpine", software.name], version: software.version, qualifiers: qualifiers
            ).description
        }
    }

    private static func package(
        _ id: String, _ name: String, _ version: String, supplier: JSONValue, license: LicenseExpression? = nil
    ) -> JSONObject {
        [
            "SPDXID": .string(id), "name": .string(name), "versionInfo": .string(version), "supplier": supplier,
            "downloadLocation": nothing, "filesAnalyzed": false, "licenseConcluded": nothing,
            "licenseDeclared": license.map { .string("\($0)") } ?? nothing, "copyrightText": nothing,
        ]
    }

    private static func checksum(_ digest: Digest) -> JSONValue {
        [["algorithm": "SHA256", "checksumValue": .string(digest.hex)]]
    }

    /// The address of a container image in a registry; nil for all else.
    package static func url(of base: SoftwareBill.Base) -> String? {
        guard base.isContainer, base.name.contains("/"), let name = base.name.split(separator: "/").last else {
            return nil
        }
        return PackageURL(
            "oci", [name.lowercased()], version: base.digest.registryText,
            qualifiers: [("repository_url", base.name), ("tag", base.tag)]
        ).description
    }

    private static func reference(_ url: String) -> JSONValue {
        [
            [
                "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                "referenceLocator": .string(url),
            ]
        ]
    }
}

extension SPDXDocument {
    /// Who contains what: what a package of boatyard brought is its own, all else the subject's.
    private func relationships(_ names: SPDXNames) -> [JSONObject] {
        var list = [Self.relationship(Self.document, "DESCRIBES", bill.subject.id)]
        if bill.base != nil { list.append(Self.relationship(bill.subject.id, "GENERATED_FROM", Self.base)) }
        var owners: [String: String] = [:]
        for package in bill.packages where package.kind == .boatyard {
            for name in package.contents where owners[name] == nil { owners[name] = names[package] }
        }
        for package in bill.packages {
            let owner = package.kind == .boatyard ? nil : owners[package.name]
            let (holder, relation) = owner.map { ($0, "CONTAINS") } ?? (bill.subject.id, bill.subject.relation)
            list.append(Self.relationship(holder, relation, names[package]))
        }
        return list
    }

    static func relationship(_ one: String, _ kind: String, _ other: String) -> JSONObject {
        [
            "spdxElementId": .string(one), "relationshipType": .string(kind), "relatedSpdxElement": .string(other),
        ]
    }
}
