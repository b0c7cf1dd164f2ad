import DocumentTree
import JSONText
import ReleaseModel
import SystemLayout
import SystemPackage
import YAMLDocuments

extension FuzzTarget {
    /// What people and other programs write: JSON, YAML, and lines of `NAME=value`.
    static let documents: [FuzzTarget] = [
        returns("json", { try JSONValue(parsing: $0) }, { $0.serialized() }),
        survives("yaml") { bytes in _ = try YAMLDocument.parse(bytes) },
        survives("layout") { bytes in
            guard let document = try YAMLDocument.parse(bytes) else { return }
            _ = try Layout(document)
        },
        survives("agent-configuration") { bytes in
            guard let document = try YAMLDocument.parse(bytes) else { return }
            var configuration = AgentConfiguration()
            try configuration.apply(document, from: "/oem/lifeboot.yaml")
        },
        survives("environment-file") { bytes in _ = try EnvironmentFile(parsing: text(bytes)) },
        survives("cos-layout") { bytes in _ = try CosLayout(parsing: text(bytes)) },
        returns("channel", { try ChannelDocument(parsing: $0) }, { $0.serialized() }),
        returns("channel-memory", { try ChannelMemory(parsing: $0) }, { $0.serialized() }),
        returns("channel-copy", { ChannelCopy(parsing: $0) }, { $0.serialized() }),
    ]
}
