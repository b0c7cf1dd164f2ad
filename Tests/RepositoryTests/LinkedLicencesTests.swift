import Testing

/// The table of what is linked into the executables.
struct LinkedLicences {
    /// The executables that have a component, and its licence.
    var components: [String: (programs: Set<String>, licence: String)] = [:]

    init() throws {
        for line in try Repository.text("scripts/static-deps/licences").split(separator: "\n")
        where !line.hasPrefix("#") {
            let columns = line.split(separator: #/ {2,}/#).map(String.init)
            try #require(columns.count == 3, "\(line)")
            components[columns[0]] = (Set(columns[1].split(separator: " ").map(String.init)), columns[2])
        }
    }
}

@Suite("What is linked into the executables")
struct LinkedLicencesTests {
    /// The targets that bring each of the static libraries, by the pkg-config files of scripts/static-deps/pkgconfig.sh.
    static let origins = [
        "util-linux": "CBlkid CMount CFdisk CCryptsetup", "lvm2": "CCryptsetup", "cryptsetup": "CCryptsetup",
        "libjson-c-dev": "CCryptsetup", "openssl": "COpenSSL CCryptsetup CCurl", "libarchive": "CArchive",
        "curl": "CCurl",
        "libc-ares-dev": "CCurl", "libyaml-dev": "CYaml", "libsquashfs-dev": "CSquashfs",
        "libzstd-dev": "CZstd CArchive CCurl CSquashfs", "zlib1g-dev": "CArchive CCurl CSquashfs",
        "liblz4-dev": "CArchive CSquashfs", "liblzma-dev": "CArchive CSquashfs",
    ]

    @Test("every library that is downloaded has a licence and a place to be")
    func pinned() throws {
        let lines = try Repository.text("scripts/static-deps/versions").split(separator: "\n")
        let pinned = lines.filter { $0.hasPrefix("source ") || $0.hasPrefix("binary ") }.map {
            $0.split(separator: " ")[1]
        }
        #expect(Set(pinned.map(String.init)) == Set(Self.origins.keys))
        #expect(Set(try LinkedLicences().components.keys).isSuperset(of: Self.origins.keys))
    }

    @Test("the executables that a library is said to be in are those whose targets bring it")
    func programs() throws {
        let manifest = try PackageManifest()
        let table = try LinkedLicences()
        for program in ["lifeboot-init", "lifeboot"] {
            let targets = Self.closure(of: program, in: manifest)
            for (component, origins) in Self.origins {
                let isLinked = !targets.isDisjoint(with: origins.split(separator: " ").map(String.init))
                let isListed = table.components[component]?.programs.contains(program) == true
                #expect(isLinked == isListed, "\(component) and \(program)")
            }
        }
    }

    @Test("the copyright file of the packages has the text of every licence that it names")
    func texts() throws {
        let paragraphs = try Repository.text("packaging/copyright").split(separator: "\n\n").map {
            $0.split(separator: "\n")
        }
        let named = paragraphs.filter { $0[0].hasPrefix("Files: ") }.flatMap { paragraph in
            paragraph.filter { $0.hasPrefix("License: ") }
                .flatMap { $0.dropFirst("License: ".count).split(separator: " or ") }.map(String.init)
        }
        let written = paragraphs.filter { $0[0].hasPrefix("License: ") && $0.count > 1 }
            .map { String($0[0].dropFirst("License: ".count)) }
        #expect(Set(named) == Set(written))
    }

    private static func closure(of program: String, in manifest: PackageManifest) -> Set<String> {
        var reached: Set<String> = [program]
        var open = [program]
        while let next = open.popLast() {
            let uses = manifest.targets.first { $0.name == next }?.uses ?? []
            open += uses.filter { reached.insert($0).inserted }
        }
        return reached
    }
}
