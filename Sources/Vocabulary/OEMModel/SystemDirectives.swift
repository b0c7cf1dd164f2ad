import DocumentTree
import JSONText

/// What `/etc/resolv.conf` says (`dns`).
package struct DNSDirective: Equatable, Sendable {
    /// Addresses of servers.
    package var nameservers: [String] = []
    /// Domains that are tried for short names.
    package var search: [String] = []
    /// Options of the resolver.
    package var options: [String] = []
    /// The file; a link to it is followed.
    package var path = "/etc/resolv.conf"

    static let table = DocumentTable<DNSDirective>(
        "dns", emptyIsAbsent: true,
        [
            DocumentKey("nameservers", .wordList, default: [], "Addresses of servers. Without any nothing is done.") {
                $0.nameservers = $1
            },
            DocumentKey("search", .wordList, default: [], "Domains that are tried for short names.") { $0.search = $1 },
            DocumentKey("options", .wordList, default: [], "Options of the resolver.") { $0.options = $1 },
            DocumentKey("path", .target, default: "/etc/resolv.conf", "The file.") { $0.path = $1 },
        ])
}

/// A repository that is to be there (`git`).
package struct GitDirective: Equatable, Sendable {
    /// Where it comes from.
    package var url = ""
    /// The folder.
    package var path = ""
    /// The branch.
    package var branch = "master"
    /// Whether only that branch is fetched.
    package var isBranchOnly = false
    /// The user's name.
    package var user: String?
    /// The password; a secret.
    package var password: String?
    /// A private key; a secret.
    package var privateKey: String?
    /// The server's key.
    package var publicKey: String?
    /// Whether the server's key is not checked.
    package var isInsecure = false

    static let table = DocumentTable<GitDirective>(
        "git", emptyIsAbsent: true,
        [
            DocumentKey("url", .line, required: true, "Where it comes from.") { $0.url = $1 },
            DocumentKey("path", .target, required: true, "The folder.") { $0.path = $1 },
            DocumentKey("branch", .line, default: "master", "The branch.") { $0.branch = $1 },
            DocumentKey("branch_only", .anyTruth, default: false, "Whether only that branch is fetched.") {
                $0.isBranchOnly = $1
            },
            DocumentKey("auth", login, "Who asks, and whom."),
        ])

    private static let login: [DocumentKey<GitDirective>] = [
        DocumentKey("username", .line, "The user's name.") { $0.user = $1 },
        DocumentKey("password", .line, "The password.") { $0.password = $1 },
        DocumentKey("private_key", .words, "A private key.") { $0.privateKey = $1 },
        DocumentKey("public_key", .words, "The server's key.") { $0.publicKey = $1 },
        DocumentKey("insecure", .anyTruth, default: false, "Whether the server's key is not checked.") {
            $0.isInsecure = $1
        },
    ]
}

/// Where the machine's own configuration is looked for (`datasource`).
package struct DataSourceDirective: Equatable, Sendable {
    /// Names of providers.
    package var providers: [String] = []
    /// Where what was found is kept: a folder, or a file whose name ends with `.yaml`.
    package var path: String?
    /// The name of the file in that folder.
    package var fileName = "userdata.yaml"

    static let table = DocumentTable<DataSourceDirective>(
        "datasource", emptyIsAbsent: true,
        [
            DocumentKey("providers", .texts, required: true, "Names of providers, in the order of your choice.") {
                $0.providers = $1
            },
            DocumentKey("path", .target, "Where what was found is kept, besides `/run/lifeboot/datasource`.") {
                $0.path = $1
            },
            DocumentKey("userdata_name", .fileName, default: "userdata.yaml", "The file's name there.") {
                $0.fileName = $1
            },
        ])
}

/// Packages of the distribution (`packages`).
package struct PackagesDirective: Equatable, Sendable {
    /// Names of packages that are to be there.
    package var install: [String] = []
    /// Names of packages that are to be gone.
    package var remove: [String] = []
    /// Whether the lists of packages are fetched first.
    package var refreshes = false
    /// Whether all packages are brought up to date.
    package var upgrades = false

    static let table = DocumentTable<PackagesDirective>(
        "packages", emptyIsAbsent: true,
        [
            DocumentKey("install", .wordList, default: [], "Packages that are to be there.") { $0.install = $1 },
            DocumentKey("remove", .wordList, default: [], "Packages that are to be gone.") { $0.remove = $1 },
            DocumentKey("refresh", .anyTruth, default: false, "Whether the lists are fetched first.") {
                $0.refreshes = $1
            },
            DocumentKey("upgrade", .anyTruth, default: false, "Whether all packages are brought up to date.") {
                $0.upgrades = $1
            },
        ])
}

/// A container image that is unpacked into a folder (`unpack_images`).
package struct UnpackDirective: Equatable, Sendable {
    /// The image's reference.
    package var source = ""
    /// The folder.
    package var target = ""
    /// The platform, such as `linux/amd64`; nil for that of this machine.
    package var platform: String?

    static let table = DocumentTable<UnpackDirective>(
        "an image", emptyIsAbsent: true,
        [
            DocumentKey("source", .line, required: true, "The image's reference.") { $0.source = $1 },
            DocumentKey("target", .target, required: true, "The folder.") { $0.target = $1 },
            DocumentKey("platform", .line, "The platform, such as `linux/amd64`.") { $0.platform = $1 },
        ])
}

extension DocumentValue where Value == [String] {
    /// Texts without white space, as a line of a file or an argument takes them.
    static var wordList: Self { .list(of: .word, "an element") }
}
