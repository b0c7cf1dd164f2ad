import Faults
import ImageModel

/// Gathers what a root filesystem says is installed, from the files that say it, in whatever order they come.
package struct SoftwareInventory: Sendable {
    /// The most packages that are listed: far more than any system has.
    static let packageLimit = 50_000
    /// The most bytes that their texts may have together.
    static let textLimit = 16 << 20
    private static let documents = "usr/share/doc/"
    private static let apkLists = ["lib/apk/db/installed", "usr/lib/apk/db/installed"]
    private static let dpkgList = "var/lib/dpkg/status"
    private static let dpkgFolder = "var/lib/dpkg/status.d/"
    private static let rpmFolders = ["var/lib/rpm/", "usr/lib/sysimage/rpm/"]
    private static let rpmFiles = ["Packages", "Packages.db", "rpmdb.sqlite"]

    /// What the file that is read now is.
    private enum Content {
        case packages(InstalledSoftware.Kind, StanzaReader)
        case own([UInt8])
        case copyright(folder: String, StanzaReader, CopyrightFile)
    }

    private var content: Content?
    private var packages: [InstalledSoftware] = []
    private var licenses: [String: LicenseExpression] = [:]
    private var links: [String: String] = [:]
    private var notes: [String] = []
    private var textLength = 0

    /// Begins with nothing.
    package init() {}

    /// Says whether a file, by its path without leading slash, has content that counts.
    package static func isWanted(_ path: String) -> Bool { content(of: path) != nil }

    private static func content(of path: String) -> Content? {
        if path == PackageList.path { return .own([]) }
        if path == dpkgList || path.hasPrefix(dpkgFolder) && !path.hasSuffix(".md5sums") {
            let fields: Set = ["Package", "Status", "Version", "Architecture", "Maintainer", "Source"]
            return .packages(.deb, StanzaReader(fields))
        }
        if apkLists.contains(path) { return .packages(.apk, StanzaReader(["P", "V", "A", "m", "o", "L"])) }
        guard path.hasPrefix(documents), path.hasSuffix("/copyright") else { return nil }
        let folder = path.dropFirst(documents.count).dropLast("/copyright".count)
        guard !folder.isEmpty, !folder.contains("/") else { return nil }
        return .copyright(folder: String(folder), StanzaReader(CopyrightFile.fields), CopyrightFile())
    }

    /// Begins a file; what is not wanted may be given all the same.
    package mutating func begin(_ path: String) {
        content = Self.content(of: path)
        guard let folder = Self.rpmFolders.first(where: path.hasPrefix),
            Self.rpmFiles.contains(String(path.dropFirst(folder.count)))
        else { return }
        note("the rpm database at /\(folder.dropLast()) was not analysed")
    }

    /// Takes the next bytes of the file.
    package mutating func take(_ bytes: Span<UInt8>) {
        switch content {
        case nil: return
        case .packages(let kind, var reader):
            content = nil
            reader.take(bytes) { add($0, kind) }
            content = .packages(kind, reader)
        case .own(var text):
            content = nil
            if text.count <= PackageList.sizeLimit { for index in bytes.indices { text.append(bytes[index]) } }
            content = .own(text)
        case .copyright(let folder, var reader, var file):
            content = nil
            reader.take(bytes) { file.take($0) }
            content = .copyright(folder: folder, reader, file)
        }
    }

    /// Ends the file.
    package mutating func end() {
        switch content {
        case nil: break
        case .packages(let kind, var reader): reader.finish { add($0, kind) }
        case .own(let text): add(own: text)
        case .copyright(let folder, var reader, var file):
            reader.finish { file.take($0) }
            if let license = file.license, licenses.count < Self.packageLimit { licenses[folder] = license }
        }
        content = nil
    }

    /// Takes a link, because folders of documents, and files in them, often are links to others.
    package mutating func link(_ path: String, to target: String) {
        guard path.hasPrefix(Self.documents), links.count < 2 * Self.packageLimit else { return }
        let name = path.dropFirst(Self.documents.count)
        let parts = name.split(separator: "/")
        guard let folder = parts.first, parts.count == 1 || parts.count == 2 && parts[1] == "copyright" else { return }
        // Whether a folder's link or a file's, from here or from the root: what counts is the other folder's name.
        let other = target.split(separator: "/").last { $0 != "copyright" && $0 != ".." && $0 != "." }
        if let other { links[String(folder)] = String(other) }
    }

    private mutating func add(_ stanza: [String: String], _ kind: InstalledSoftware.Kind) {
        let package = kind == .apk ? InstalledSoftware(apk: stanza) : InstalledSoftware(dpkg: stanza)
        if let package { add(package) }
    }

    private mutating func add(own text: [UInt8]) {
        do throws(PackageListError) {
            for package in try PackageList(parsing: text).packages { add(InstalledSoftware(package)) }
        } catch { note("/\(PackageList.path) was not read: \(error.cause)") }
    }

    private mutating func add(_ package: InstalledSoftware) {
        textLength += package.textLength
        guard packages.count < Self.packageLimit, textLength <= Self.textLimit else {
            return note("the list of packages is too long, what comes after \(packages.last?.name ?? "") was left out")
        }
        packages.append(package)
    }

    private mutating func note(_ sentence: String) { if !notes.contains(sentence) { notes.append(sentence) } }
}

extension SoftwareInventory {
    /// What was found: packages sorted by kind, name, architecture and version, each once, and what could not be read,
    /// sentences without full stop.
    package var findings: (packages: [InstalledSoftware], notes: [String]) {
        var found = Set<InstalledSoftware>()
        for var package in packages {
            if package.kind == .deb { package.license = license(ofFolder: package.name) }
            found.insert(package)
        }
        let key: (InstalledSoftware) -> (String, String, String, String) = {
            ($0.kind.rawValue, $0.name, $0.architecture ?? "", $0.version)
        }
        return (found.sorted { key($0) < key($1) }, notes)
    }

    /// The licence in a folder of documents, or in the one that it leads to.
    private func license(ofFolder name: String) -> LicenseExpression? {
        var folder = name
        for _ in 0..<4 {
            if let license = licenses[folder] { return license }
            guard let next = links[folder] else { return nil }
            folder = next
        }
        return nil
    }
}
