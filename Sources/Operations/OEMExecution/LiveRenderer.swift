package import OEMPlanning
package import SystemPackage
import Templates

/// Renders templates with the facts of a machine, gathered when a template names them.
package struct LiveRenderer: TextRenderer {
    private let values: MachineValues
    private let surroundings = TemplateSurroundings(
        random: { SecureRandom.bytes($0) }, sha256: { KeyedHash.sha256($0) })

    /// Takes the facts of the machine, and of the system below a root.
    package init(root: FilePath) { values = MachineValues(root: root) }

    /// Renders a text; one that is written for another program stays as it is, with a note.
    package func render(_ text: String, forHostname: Bool) throws(RenderingError) -> RenderedText {
        guard Template.occurs(in: text) else { return RenderedText(text) }
        do throws(TemplateError) {
            let template = try Template(parsing: text)
            let data = forHostname ? values.hostnameData : values.data(Self.groups(of: template))
            return RenderedText(try template.render(data, surroundings))
        } catch {
            guard error.kind == .foreign, !forHostname else { throw RenderingError(error.description) }
            return RenderedText(text, note: "kept as it is, since '{{' begins no template of this program: \(error)")
        }
    }

    /// The groups of `.Values` that a template names; nil for all of them.
    private static func groups(of template: Template) -> Set<String>? {
        var groups: Set<String> = []
        for field in template.fields where field.first == "Values" {
            guard field.count > 1 else { return nil }
            groups.insert(field[1])
        }
        return groups
    }
}
