import JSONText

extension Manifest {
    /// Reads `manifest.json`; unknown fields are kept in `document`, absent optional ones take their defaults.
    ///
    /// - Throws: `ManifestError` with the JSON path of the first fault: bad JSON, an unknown major schema, a required field
    ///   missing, a value of the wrong kind or out of range, or a verity tree that does not lie inside its file.
    package init(parsing bytes: [UInt8]) throws(ManifestError) {
        let reader = try Self.reader(bytes)
        let schema = try Self.schema(reader)
        self.init(
            name: try reader.text("name", where: ManifestText.isName, expected: "letters, digits, '.', '_', '-'"),
            version: try reader.text("version", where: ManifestText.isVersion, expected: "a version without spaces"),
            sequence: try reader.integer("sequence", in: 0...Int64.max),
            createdAt: try Self.time(reader),
            architecture: try reader.text("architecture", where: ManifestText.isName, expected: "as in 'amd64'"),
            osRelease: try Self.fields(reader),
            root: try Root(try reader.child("root")),
            kernel: try reader.child("kernel").file(),
            initrd: try reader.child("initrd").file())
        try readOptional(reader)
        self.schema = schema
        document = reader.object
    }

    private mutating func readOptional(_ reader: ManifestReader) throws(ManifestError) {
        chunks = try reader.optionalChild("chunks")?.file()
        patches = try reader.children("patches").map { (child) throws(ManifestError) in
            Patch(
                base: try child.digest("base"), first: Int(try child.integer("first", in: 0...(1 << 32))),
                last: Int(try child.integer("last", in: 0...(1 << 32))), covers: try child.size("covers"),
                file: try child.file())
        }
        kernelArguments = try reader.texts(
            "kernelArguments", where: ManifestText.isKernelArgument,
            expected: "printable ASCII without space, quotes, '\\' and '$'")
        guard kernelArguments.joined(separator: " ").utf8.count <= ManifestText.maximumKernelArguments else {
            throw reader.fault("kernelArguments", "longer than \(ManifestText.maximumKernelArguments) bytes")
        }
        source = try reader.optionalChild("source")?.digest("sha256")
        sbom = try reader.optionalChild("sbom")?.digest("sha256")
        provenance = try reader.optionalChild("provenance")?.digest("sha256")
        boards = try reader.texts("boards", where: { !$0.isEmpty }, expected: "a name")
        minimumAgent = try Self.agent(reader)
    }

    private static func reader(_ bytes: [UInt8]) throws(ManifestError) -> ManifestReader {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw ManifestError("$", error.description) }
        guard let object = value.object else { throw ManifestError("$", "expected an object") }
        return ManifestReader(object)
    }

    private static func schema(_ reader: ManifestReader) throws(ManifestError) -> String {
        let schema = try reader.text("schema", where: { _ in true }, expected: "")
        let parts = schema.split(separator: ".", omittingEmptySubsequences: false).map { UInt16($0) }
        guard parts.count == 2, let major = parts[0], parts[1] != nil else {
            throw reader.fault("schema", "expected 'major.minor'")
        }
        guard major == majorSchema else {
            throw ManifestError("$.schema", "version \(schema) is unknown", remedy: "Use an agent that knows it.")
        }
        return schema
    }

    private static func time(_ reader: ManifestReader) throws(ManifestError) -> UTCTime {
        guard let time = UTCTime(try reader.text("createdAt", where: { _ in true }, expected: "")) else {
            throw reader.fault("createdAt", "expected a time as in '2026-11-23T11:45:29Z'")
        }
        return time
    }

    private static func fields(_ reader: ManifestReader) throws(ManifestError) -> [Field] {
        let child = try reader.child("osRelease")
        var fields: [Field] = []
        for member in child.object.members {
            guard ManifestText.isFieldName(member.name), let value = member.value.text else {
                throw child.fault(member.name, "expected a field of os-release with a string")
            }
            fields.append(Field(member.name, value))
        }
        return fields
    }

    private static func agent(_ reader: ManifestReader) throws(ManifestError) -> AgentVersion? {
        guard reader.object["minimumAgent"] != nil else { return nil }
        guard let version = AgentVersion(try reader.text("minimumAgent", where: { _ in true }, expected: "")) else {
            throw reader.fault("minimumAgent", "expected a version as in '1.4.0'")
        }
        return version
    }
}

extension Manifest.Root {
    init(_ reader: ManifestReader) throws(ManifestError) {
        self.init(
            format: try reader.text("format", where: ManifestText.isName, expected: "the name of a filesystem"),
            size: try reader.size("size"),
            sha256: try reader.digest("sha256"),
            verity: try VerityParameters(try reader.child("verity")))
        guard verity.hashOffset < size else {
            throw reader.fault("verity.hashOffset", "\(verity.hashOffset) is not inside the file of \(size) bytes")
        }
    }
}

extension VerityParameters {
    init(_ reader: ManifestReader) throws(ManifestError) {
        self.init(
            rootHash: try reader.hexadecimal("rootHash", bytes: 32...32),
            salt: try reader.hexadecimal("salt", bytes: 0...256),
            hashOffset: try reader.size("hashOffset"),
            dataBlockSize: try Self.blockSize(reader, "dataBlockSize"),
            hashBlockSize: try Self.blockSize(reader, "hashBlockSize"),
            algorithm: try reader.text("algorithm", where: { $0 == "sha256" }, expected: "'sha256'"),
            uuid: try reader.text("uuid", where: ManifestText.isUUID, expected: "a lower-case UUID"))
        guard hashOffset.isMultiple(of: dataBlockSize), hashOffset.isMultiple(of: hashBlockSize) else {
            throw reader.fault("hashOffset", "\(hashOffset) is not a multiple of the block sizes")
        }
    }

    private static func blockSize(_ reader: ManifestReader, _ name: String) throws(ManifestError) -> Int {
        let size = Int(try reader.integer(name, in: 512...65_536))
        guard size.nonzeroBitCount == 1 else { throw reader.fault(name, "\(size) is not a power of two") }
        return size
    }
}
