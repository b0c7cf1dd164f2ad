/// One place where the data of an instance can come from.
package struct Provider: Sendable {
    /// Our name for it.
    package let name: String
    /// Other names that files use for it.
    package let aliases: [String]
    /// How it is asked.
    package let transport: MetadataTransport
    /// Where its document has what.
    package let form: MetadataForm
    /// By what a machine is seen to be one of its; empty when nothing shows it.
    let marks: [MachineMark]

    init(
        _ name: String, aliases: [String] = [], _ transport: MetadataTransport, _ form: MetadataForm,
        marks: [MachineMark] = []
    ) {
        self.name = name
        self.aliases = aliases
        self.transport = transport
        self.form = form
        self.marks = marks
    }

    /// Whether it is asked over the network, and so only when there is one.
    package var needsNetwork: Bool { if case .http = transport { true } else { false } }

    /// The provider of a name or another name for it, in any capitals; nil for one that is not known.
    package static func named(_ name: String) -> Provider? {
        let small = name.asciiLowercased
        return all.first { $0.name == small || $0.aliases.contains(small) }
    }
}

/// How a provider is asked.
package enum MetadataTransport: Sendable {
    /// A filesystem with one of these labels, and files on it for each kind of data; the first that is there counts.
    case volume(labels: [String], types: [String], files: [(kind: MetadataKind, paths: [String])])
    /// A server.
    case http(MetadataService)
    /// SMBIOS: the serial number of the product begins with this, and settings follow, separated by semicolons.
    case serialNumber(prefix: String)
    /// Entries of QEMU's `fw_cfg`, by name.
    case firmware([(kind: MetadataKind, name: String)])
    /// Values of VMware's guestinfo, by name; each may have another of the same name with `.encoding` behind it.
    case guestInfo([(kind: MetadataKind, name: String)])
    /// Not asked at all: the name is only accepted.
    case none(reason: String)
}

/// What an answer of a provider is.
package enum MetadataKind: String, CaseIterable, Sendable {
    /// A document for the provider's form.
    case metadata
    /// The name of the instance alone.
    case instanceID
    /// The host name alone.
    case hostname
    /// Lines of keys.
    case keys
    /// A list of keys, `0=name` a line, each below its number.
    case keyList
    /// User data.
    case userData
    /// The vendor's user data.
    case vendorData
    /// A network configuration.
    case network
}

/// A server of metadata.
package struct MetadataService: Sendable {
    /// Addresses of the server, to be tried in order, without a slash at the end.
    package var addresses: [String]
    /// Headers of each request.
    package var headers: [(name: String, value: String)] = []
    /// What is asked first, for a word that the other requests must know.
    package var token: TokenRequest?
    /// What is asked, in order.
    package var requests: [MetadataRequest]
    /// Whether it only answers requests from a port below 1024.
    package var needsLowPort = false
}

/// One request to a server of metadata.
package struct MetadataRequest: Equatable, Sendable {
    /// What the answer is.
    package var kind: MetadataKind
    /// The path with query, beginning with a slash.
    package var path: String
    /// Whether the provider is not there when this is not answered; else 404 means that there is none.
    package var isRequired = false
}

/// A request for a word that other requests are made with (EC2's IMDSv2).
package struct TokenRequest: Sendable {
    /// What the answer's status means.
    package enum Outcome: Equatable, Sendable {
        /// The answer is the token.
        case use
        /// The server is older and has no tokens: go on without.
        case goWithout
        /// The server is not asked further.
        case giveUp
    }

    /// The method.
    package var method: String
    /// The path.
    package var path: String
    /// Headers of this request.
    package var headers: [(name: String, value: String)]
    /// The header of the other requests that has the token.
    package var tokenHeader: String
    /// Statuses that say that there are no tokens here.
    var absent: Set<Int>

    /// What to do after an answer; a token that cannot be in a header is none.
    package func outcome(status: Int, body: [UInt8]) -> Outcome {
        if absent.contains(status) { return .goWithout }
        guard status == 200, (1...1024).contains(body.count), body.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return .giveUp
        }
        return .use
    }
}
