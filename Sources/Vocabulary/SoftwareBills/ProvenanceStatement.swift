// Who made what out of what: an in-toto statement with a predicate of SLSA (https://slsa.dev/spec/v1.0/provenance).
package import ImageModel
package import JSONText

/// States how an output of boatyard came to be; the same inputs give the same bytes, so there are no times of the clock.
package struct ProvenanceStatement: Sendable {
    /// A file with its digest.
    package struct Subject: Sendable {
        /// The name of the file.
        package var name: String
        /// Digest of its content.
        package var digest: Digest

        /// Names a file.
        package init(_ name: String, _ digest: Digest) {
            self.name = name
            self.digest = digest
        }
    }

    /// Something that went into it.
    package struct Material: Sendable {
        /// Where it is from, such as a package URL; nil when only its digest is known.
        package var uri: String?
        /// What it is, for people; nil when the address says it.
        package var name: String?
        /// Its digest.
        package var digest: Digest

        /// Names what went into it.
        package init(uri: String? = nil, name: String? = nil, _ digest: Digest) {
            self.uri = uri
            self.name = name
            self.digest = digest
        }
    }

    /// What kind of build it was, the last word of the build type.
    package var kind: String
    /// What was made.
    package var subjects: [Subject]
    /// What was asked for.
    package var parameters: JSONObject
    /// What it was made of.
    package var materials: [Material]
    /// The version of boatyard.
    package var version: String

    /// States a build.
    package init(
        _ kind: String, of subjects: [Subject], parameters: JSONObject, materials: [Material], version: String
    ) {
        self.kind = kind
        self.subjects = subjects
        self.parameters = parameters
        self.materials = materials
        self.version = version
    }

    /// The statement's bytes.
    package func serialized() -> [UInt8] {
        let document: JSONValue = [
            "_type": "https://in-toto.io/Statement/v1",
            "subject": .array(
                subjects.map { ["name": .string($0.name), "digest": ["sha256": .string($0.digest.hex)]] }),
            "predicateType": "https://slsa.dev/provenance/v1",
            "predicate": [
                "buildDefinition": [
                    "buildType": .string("urn:lifeboot:boatyard:\(kind):1"), "externalParameters": .object(parameters),
                    "resolvedDependencies": .array(materials.map { .object($0.object) }),
                ],
                "runDetails": [
                    "builder": ["id": "urn:lifeboot:boatyard", "version": ["boatyard": .string(version)]]
                ],
            ],
        ]
        return document.serialized(indented: true) + [0x0A]
    }
}

extension ProvenanceStatement.Material {
    fileprivate var object: JSONObject {
        var object: JSONObject = [:]
        object["uri"] = uri.map { .string($0) }
        object["name"] = name.map { .string($0) }
        object["digest"] = ["sha256": .string(digest.hex)]
        return object
    }
}
