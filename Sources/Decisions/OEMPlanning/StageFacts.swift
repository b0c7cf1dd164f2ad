package import OEMModel
package import SystemPackage

/// A file of configuration and where it comes from.
package struct OEMDocument: Sendable {
    /// The path, as the running system has it.
    package var path: FilePath
    /// Who laid it there.
    package var source: OEMSource
    /// What it says.
    package var file: OEMFile

    /// Joins both.
    package init(path: FilePath, source: OEMSource, file: OEMFile) {
        self.path = path
        self.source = source
        self.file = file
    }

    /// What `after` calls it: the name that it gives itself, else its path.
    var label: String { file.name ?? path.string }
}

/// A place in a file, for people and for reports.
package struct StageOrigin: Equatable, Sendable, CustomStringConvertible {
    /// The file.
    package var path: FilePath
    /// The line, from 1.
    package var line: Int

    /// Names a place.
    package init(path: FilePath, line: Int) {
        self.path = path
        self.line = line
    }

    /// `/oem/90_custom.yaml:12`.
    package var description: String { "\(path):\(line)" }
}

/// What a stage is planned from.
package struct StageFacts: Sendable {
    /// The stage, without `.before` and `.after`.
    package var stage: String
    /// The files, in the order in which they count.
    package var documents: [OEMDocument]
    /// The hostname.
    package var hostname = ""
    /// `PRETTY_NAME` of os-release.
    package var systemName = ""
    /// `ID` of os-release.
    package var systemID = ""
    /// `VERSION_ID` of os-release.
    package var systemVersion = ""
    /// The processor's architecture in Go's words: `amd64`, `arm64`, `riscv64`.
    package var architecture = ""
    /// The service managers that are there.
    package var serviceManagers: Set<StepConditions.ServiceManager> = []
    /// Whether programs of a file may be run.
    package var mayRunPrograms: @Sendable (OEMSource) -> Bool = { _ in true }
    /// Whether a text matches a POSIX extended expression, anywhere; nil for an expression that is none.
    package var matches: @Sendable (_ expression: String, _ text: String) -> Bool? = { _, _ in nil }
    /// Renders templates.
    package var renderer: any TextRenderer

    /// Makes facts of files.
    package init(stage: String, documents: [OEMDocument], renderer: any TextRenderer) {
        self.stage = stage
        self.documents = documents
        self.renderer = renderer
    }
}

/// Renders the templates of a file.
package protocol TextRenderer: Sendable {
    /// Renders a text of a step.
    ///
    /// - Parameter forHostname: whether it has the data of hostnames instead of `.Values`.
    /// - Throws: `RenderingError` when it must not be used as it is.
    func render(_ text: String, forHostname: Bool) throws(RenderingError) -> RenderedText
}

/// A text whose templates were rendered.
package struct RenderedText: Equatable, Sendable {
    /// The text.
    package var text: String
    /// What the author should know; nil when all is well.
    package var note: String?

    /// Joins both.
    package init(_ text: String, note: String? = nil) {
        self.text = text
        self.note = note
    }
}

/// Says why a template cannot be rendered.
package struct RenderingError: Error, Sendable, CustomStringConvertible {
    /// Why, and what to write instead.
    package var description: String

    /// Makes an error.
    package init(_ description: String) { self.description = description }
}
