package import ImageModel

/// One package that a root filesystem says is installed, or that is linked into a program.
package struct InstalledSoftware: Hashable, Sendable {
    /// Who keeps the list that it is in.
    package enum Kind: String, CaseIterable, Sendable {
        /// boatyard: `/usr/lib/lifeboot/packages.json`.
        case boatyard
        /// dpkg: `/var/lib/dpkg/status` and `status.d`.
        case deb
        /// apk: `/lib/apk/db/installed`.
        case apk
        /// Swift's package manager: `Package.resolved` of a program.
        case swift
    }

    /// Who keeps the list.
    package var kind: Kind
    /// Its name; of boatyard's with the category.
    package var name: String
    /// Its version.
    package var version: String
    /// The machine type, as the list spells it; nil when it says none.
    package var architecture: String?
    /// Who maintains it: a name, and perhaps an address in `<>`.
    package var maintainer: String?
    /// The source that it was built from, when the list names one.
    package var source: String?
    /// Its declared licence; nil when it is not known as an expression of SPDX's identifiers.
    package var license: LicenseExpression?
    /// Digest of its layer.
    package var digest: Digest?
    /// Names of the distribution's packages that came with it.
    package var contents: [String] = []

    /// Describes a package; what has a default can be set afterwards.
    package init(_ kind: Kind, _ name: String, _ version: String, architecture: String? = nil) {
        self.kind = kind
        self.name = name
        self.version = version
        self.architecture = architecture
    }
}

extension InstalledSoftware {
    /// Takes a stanza of dpkg's list; nil for a package that is not installed, and for what is none.
    ///
    /// Files of `status.d` have no state: what is listed there is there.
    init?(dpkg stanza: [String: String]) {
        guard let name = Self.name(stanza["Package"]), let version = Self.name(stanza["Version"]) else { return nil }
        if let status = stanza["Status"], status.split(separator: " ").last != "installed" { return nil }
        self.init(.deb, name, version, architecture: Self.name(stanza["Architecture"]))
        maintainer = stanza["Maintainer"].flatMap { $0.isEmpty ? nil : $0 }
        let source = stanza["Source"].flatMap { $0.isEmpty ? nil : $0 }
        self.source = source.map { $0.contains(" ") ? Self.source($0) : "\($0) \(version)" } ?? "\(name) \(version)"
    }

    /// Takes a stanza of apk's list (apk-installed(5)); nil for what is no package.
    init?(apk stanza: [String: String]) {
        guard let name = Self.name(stanza["P"]), let version = Self.name(stanza["V"]) else { return nil }
        self.init(.apk, name, version, architecture: Self.name(stanza["A"]))
        maintainer = stanza["m"].flatMap { $0.isEmpty ? nil : $0 }
        source = Self.name(stanza["o"]).map { "\($0) \(version)" }
        license = stanza["L"].flatMap { LicenseExpression($0) }
    }

    /// Takes a stanza of `LinkedSoftware`; nil for one that does not say what it is about, or under an unknown licence.
    init?(linked stanza: [String: String]) {
        guard let name = Self.name(stanza["Package"]), let version = Self.name(stanza["Version"]) else { return nil }
        switch (Self.name(stanza["Architecture"]), Self.name(stanza["Repository"])) {
        case (let architecture?, nil): self.init(.deb, name, version, architecture: architecture)
        case (nil, let repository?): self.init(.swift, repository, version)
        default: return nil
        }
        maintainer = stanza["Maintainer"].flatMap { $0.isEmpty ? nil : $0 }
        license = stanza["License"].flatMap { LicenseExpression($0) }
        guard stanza["License"] == nil || license != nil else { return nil }
    }

    /// Takes one of boatyard's own.
    init(_ package: PackageList.Entry) {
        self.init(.boatyard, package.name, package.version)
        license = package.license.flatMap { LicenseExpression($0) }
        digest = package.digest
        contents = package.contents
    }

    /// The address of a package that no distribution has.
    package var genericURL: String {
        PackageURL("generic", name.split(separator: "/").map(String.init), version: version).description
    }

    /// The bytes of its texts.
    var textLength: Int {
        let texts = [name, version, architecture ?? "", maintainer ?? "", source ?? ""] + contents
        return texts.reduce(0) { $0 + $1.utf8.count }
    }

    /// Where the list says `glibc (2.36-9)`, the version is that of the source.
    private static func source(_ text: String) -> String { String(text.filter { $0 != "(" && $0 != ")" }) }

    /// A word without space; nil for anything else.
    private static func name(_ text: String?) -> String? {
        guard let text, (1...256).contains(text.utf8.count), !text.contains(where: \.isWhitespace) else { return nil }
        return text
    }
}
