/// Takes user data apart into pieces of known kinds, within limits that hold for all that it reads.
package struct UserDataReader {
    let limits: UserDataLimits
    let tools: UserDataTools
    var result = UserData()
    private var bytesLeft: Int
    private var pieces = 0

    /// Makes a reader for the data of one source, and all that it includes.
    package init(limits: UserDataLimits = UserDataLimits(), tools: UserDataTools) {
        self.limits = limits
        self.tools = tools
        bytesLeft = limits.bytes
    }

    /// Reads a text: that of the source, or the answer of an address, one deeper than the part that named it.
    package mutating func read(_ bytes: [UInt8], name: String = "user-data", depth: Int = 0) -> UserData {
        result = UserData()
        read(bytes, as: .undeclared, name: name, depth: depth)
        return result
    }

    /// Reads one text; what it is comes from its beginning where nobody declared it.
    mutating func read(_ bytes: [UInt8], as declared: UserDataFormat, name: String, depth: Int) {
        guard depth <= limits.depth else {
            return refuse(name, "there are more than \(limits.depth) containers around it")
        }
        guard bytes.count <= limits.bytes else { return refuse(name, "it is longer than \(limits.bytes) bytes") }
        let seen = UserDataFormat(beginningOf: bytes)
        switch declared == .undeclared ? seen : declared {
        // Who declares a type may pack its text, and a template is no configuration whatever it is called.
        case _ where seen == .gzip: unpack(bytes, as: declared == .gzip ? .undeclared : declared, name, depth)
        case _ where seen == .jinja: refuse(name, UserDataFormat.jinja)
        case .gzip: refuse(name, "it should be compressed, and is not")
        case .multipart: split(bytes, name, depth)
        case .archive: list(bytes, name, depth)
        case .include: include(bytes, name, depth)
        case .script: keep(.script, bytes, name, depth)
        case .cloudConfig: configuration(bytes, name, depth)
        case .undeclared: mapping(bytes, name, depth)
        case let format: refuse(name, format)
        }
    }

    private mutating func unpack(_ bytes: [UInt8], as declared: UserDataFormat, _ name: String, _ depth: Int) {
        guard let unpacked = tools.decompress(bytes, bytesLeft), unpacked.count <= bytesLeft else {
            return refuse(name, "its gzip is damaged, or unpacks to more than \(bytesLeft) bytes")
        }
        read(unpacked, as: declared, name: name, depth: depth + 1)
    }

    private mutating func include(_ bytes: [UInt8], _ name: String, _ depth: Int) {
        let list = IncludeList(bytes)
        for line in list.refused.prefix(limits.parts) {
            refuse(name, "'\(line.prefix(80))' is no address that is fetched; write http:// or https://")
        }
        guard list.addresses.count <= limits.addresses else {
            return refuse(name, "it has more than \(limits.addresses) addresses")
        }
        if !list.addresses.isEmpty { keep(.include(list.addresses), bytes, name, depth) }
    }

    private mutating func configuration(_ bytes: [UInt8], _ name: String, _ depth: Int) {
        // What is wrong inside is told with its place by who reads the configuration.
        if case .some(.some(let node)) = try? tools.parse(bytes), !node.isMapping {
            return refuse(name, "it is no mapping of keys to values, so it is no configuration")
        }
        keep(.cloudConfig, bytes, name, depth)
    }

    private mutating func mapping(_ bytes: [UInt8], _ name: String, _ depth: Int) {
        guard !ByteLines.trimmed(bytes[...]).isEmpty else { return refuse(name, "it is empty") }
        do {
            guard let node = try tools.parse(bytes), node.isMapping else {
                return refuse(name, "it is of no known kind, and no mapping of keys to values")
            }
            keep(.stages, bytes, name, depth)
        } catch { refuse(name, "it is of no known kind, and no YAML: \(error)") }
    }

    private mutating func keep(_ kind: UserDataPart.Kind, _ bytes: [UInt8], _ name: String, _ depth: Int) {
        guard takesPiece(name) else { return }
        guard bytes.count <= bytesLeft else {
            return record(name, "all together are longer than \(limits.bytes) bytes")
        }
        bytesLeft -= bytes.count
        result.parts.append(UserDataPart(kind: kind, bytes: bytes, name: name, depth: depth))
    }

    private mutating func refuse(_ name: String, _ format: UserDataFormat) {
        if case .refused(let kind, let reason) = format { refuse(name, "it is \(kind): \(reason)") }
    }

    /// Leaves a piece out, and says why.
    mutating func refuse(_ name: String, _ reason: String) { if takesPiece(name) { record(name, reason) } }

    private mutating func record(_ name: String, _ reason: String) {
        result.refusals.append(UserDataRefusal(name: name, reason: reason))
    }

    /// Counts a piece; says once that there are too many.
    private mutating func takesPiece(_ name: String) -> Bool {
        guard pieces <= limits.parts else { return false }
        pieces += 1
        if pieces > limits.parts { record(name, "there are more than \(limits.parts) parts; the rest is left out") }
        return pieces <= limits.parts
    }
}
