import JSON
import Testing

@Suite("A strategic merge patch")
struct StrategicMergePatchTests {
  @Test(
    "merges a pod as Kubernetes does",
    arguments: [
      PatchCase(
        "a container by its name",
        #"{"spec":{"containers":[{"name":"a","image":"1","env":[{"name":"X","value":"1"}]},{"name":"b","image":"2"}]}}"#,
        #"{"spec":{"containers":[{"name":"a","image":"3","env":[{"name":"Y","value":"2"}]}]}}"#,
        #"{"spec":{"containers":[{"name":"a","image":"3","env":[{"name":"Y","value":"2"},{"name":"X","value":"1"}]},{"name":"b","image":"2"}]}}"#
      ),
      PatchCase(
        "a new container, which comes first", #"{"spec":{"containers":[{"name":"a"}]}}"#,
        #"{"spec":{"containers":[{"name":"c","image":null,"ports":[]}]}}"#,
        #"{"spec":{"containers":[{"name":"c","ports":[]},{"name":"a"}]}}"#),
      PatchCase(
        "in the order of the directive", #"{"spec":{"containers":[{"name":"a"},{"name":"b"},{"name":"s"}]}}"#,
        #"{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"n"},{"name":"a"}],"containers":[{"name":"n","image":"i"}]}}"#,
        #"{"spec":{"containers":[{"name":"b"},{"name":"n","image":"i"},{"name":"a"},{"name":"s"}]}}"#),
      PatchCase(
        "an order alone", #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
        #"{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}}"#,
        #"{"spec":{"containers":[{"name":"b"},{"name":"a"}]}}"#),
      PatchCase(
        "a renamed container, which comes behind those that the patch does not know",
        #"{"spec":{"containers":[{"name":"a"},{"name":"s"}]}}"#,
        #"{"spec":{"$setElementOrder/containers":[{"name":"c"}],"containers":[{"name":"c"},{"name":"a","$patch":"delete"}]}}"#,
        #"{"spec":{"containers":[{"name":"s"},{"name":"c"}]}}"#),
      PatchCase(
        "a finalizer that is set and deleted", #"{"metadata":{"finalizers":["a"]}}"#,
        #"{"metadata":{"$deleteFromPrimitiveList/finalizers":["b"],"finalizers":["b","c"]}}"#,
        #"{"metadata":{"finalizers":["c","a"]}}"#),
      PatchCase(
        "a deletion", #"{"spec":{"volumes":[{"name":"a","emptyDir":{}},{"name":"b"}]}}"#,
        #"{"spec":{"volumes":[{"name":"a","$patch":"delete"}]}}"#, #"{"spec":{"volumes":[{"name":"b"}]}}"#),
      PatchCase(
        "a replaced list", #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
        #"{"spec":{"containers":[{"name":"c"},{"$patch":"replace"}]}}"#, #"{"spec":{"containers":[{"name":"c"}]}}"#),
      PatchCase(
        "a volume that changes its source",
        #"{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}"#,
        #"{"spec":{"volumes":[{"name":"v","hostPath":{"path":"/p"},"$retainKeys":["name","hostPath"]}]}}"#,
        #"{"spec":{"volumes":[{"name":"v","hostPath":{"path":"/p"}}]}}"#),
      PatchCase(
        "ports by their container port", #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80}]}]}}"#,
        #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"hostPort":9}]}]}}"#,
        #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"hostPort":9}]}]}}"#),
      PatchCase(
        "mounts by their path",
        #"{"spec":{"initContainers":[{"name":"a","volumeMounts":[{"mountPath":"/x","name":"v"}]}]}}"#,
        #"{"spec":{"initContainers":[{"name":"a","volumeMounts":[{"mountPath":"/x","name":"w"}]}]}}"#,
        #"{"spec":{"initContainers":[{"name":"a","volumeMounts":[{"mountPath":"/x","name":"w"}]}]}}"#),
      PatchCase(
        "tolerations as a whole", #"{"spec":{"tolerations":[{"key":"a"}]}}"#,
        #"{"spec":{"tolerations":[{"key":"b"}]}}"#,
        #"{"spec":{"tolerations":[{"key":"b"}]}}"#),
      PatchCase(
        "aliases by address", #"{"spec":{"hostAliases":[{"ip":"1","hostnames":["a"]}]}}"#,
        #"{"spec":{"hostAliases":[{"ip":"1","hostnames":["b"]}]}}"#,
        #"{"spec":{"hostAliases":[{"ip":"1","hostnames":["b"]}]}}"#),
      PatchCase(
        "conditions by type", #"{"status":{"conditions":[{"type":"Ready","status":"False"},{"type":"X"}]}}"#,
        #"{"status":{"conditions":[{"type":"Ready","status":"True"}]}}"#,
        #"{"status":{"conditions":[{"type":"Ready","status":"True"},{"type":"X"}]}}"#),
      PatchCase(
        "owners by uid", #"{"metadata":{"ownerReferences":[{"uid":"1","controller":true}]}}"#,
        #"{"metadata":{"ownerReferences":[{"uid":"1","controller":false},{"uid":"2"}]}}"#,
        #"{"metadata":{"ownerReferences":[{"uid":"1","controller":false},{"uid":"2"}]}}"#),
      PatchCase(
        "finalizers as a set", #"{"metadata":{"finalizers":["a","b"]}}"#, #"{"metadata":{"finalizers":["b","c"]}}"#,
        #"{"metadata":{"finalizers":["a","b","c"]}}"#),
      PatchCase(
        "a finalizer less", #"{"metadata":{"finalizers":["a","b"]}}"#,
        #"{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}"#, #"{"metadata":{"finalizers":["b"]}}"#),
      PatchCase(
        "labels by name and null", #"{"metadata":{"labels":{"a":"1","b":"2"}}}"#,
        #"{"metadata":{"labels":{"a":null,"c":"3","d":null}}}"#, #"{"metadata":{"labels":{"b":"2","c":"3"}}}"#),
      PatchCase(
        "a map replaced", #"{"spec":{"nodeSelector":{"a":"1"}}}"#,
        #"{"spec":{"nodeSelector":{"$patch":"replace","b":"2"}}}"#, #"{"spec":{"nodeSelector":{"b":"2"}}}"#),
      PatchCase(
        "a map emptied", #"{"spec":{"nodeSelector":{"a":"1"}}}"#, #"{"spec":{"nodeSelector":{"$patch":"delete"}}}"#,
        #"{"spec":{"nodeSelector":{}}}"#),
      PatchCase(
        "a directive where nothing is yet", "{}",
        #"{"spec":{"containers":[{"name":"a","$patch":"delete"}],"x":{"y":null}}}"#,
        #"{"spec":{"containers":[],"x":{}}}"#),
    ])
  func merges(_ example: PatchCase) throws {
    let merge = try #require(StrategicMergePatch(apiVersion: "v1", kind: "Pod"))
    let result = try merge.apply(try parse(example.patch), to: try parse(example.document))
    #expect(result.text == example.result)
  }

  @Test(
    "refuses what does not fit",
    arguments: [
      PatchCase("no object", "{}", "[]", "object"),
      PatchCase(
        "no key", #"{"spec":{"containers":[]}}"#, #"{"spec":{"containers":[{"image":"a"}]}}"#, "/spec/containers"),
      PatchCase(
        "an element that is no object", #"{"spec":{"containers":[]}}"#, #"{"spec":{"containers":["a"]}}"#, "object"),
      PatchCase("a directive that is none", #"{"spec":{}}"#, #"{"spec":{"$patch":"spam"}}"#, "spam"),
      PatchCase(
        "a directive in an element", #"{"spec":{"containers":[]}}"#,
        #"{"spec":{"containers":[{"name":"a","$patch":"merge"}]}}"#, "merge"),
      PatchCase(
        "retained members without those that are set", #"{"spec":{"volumes":[{"name":"a"}]}}"#,
        #"{"spec":{"volumes":[{"name":"a","$retainKeys":["emptyDir"]}]}}"#, "name"),
      PatchCase(
        "another order than the directive", #"{"spec":{"containers":[]}}"#,
        #"{"spec":{"$setElementOrder/containers":[{"name":"a"},{"name":"b"}],"containers":[{"name":"b"},{"name":"a"}]}}"#,
        "$setElementOrder"),
      PatchCase(
        "values deleted from a list that is no set", #"{"spec":{"tolerations":[]}}"#,
        #"{"spec":{"$deleteFromPrimitiveList/tolerations":["a"]}}"#, "tolerations"),
    ])
  func refuses(_ example: PatchCase) throws {
    let merge = try #require(StrategicMergePatch(apiVersion: "v1", kind: "Pod"))
    let error = try #require(throws: StrategicMergeError.self) {
      try merge.apply(try parse(example.patch), to: try parse(example.document))
    }
    #expect(error.description.contains(example.result))
  }

  @Test("reaches the pods of workloads and the lists of other kinds")
  func knowsOtherKinds() throws {
    let cases = [
      ("apps/v1", "StatefulSet", #"{"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}"#),
      (
        "batch/v1", "CronJob",
        #"{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}}}"#
      ),
      ("v1", "Node", #"{"status":{"addresses":[{"type":"InternalIP"}]}}"#),
      ("v1", "Service", #"{"spec":{"ports":[{"port":1}]}}"#),
      ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", #"{"webhooks":[{"name":"a"}]}"#),
      ("coordination.k8s.io/v1", "Lease", #"{"metadata":{"ownerReferences":[{"uid":"1"}]}}"#),
    ]
    for (version, kind, text) in cases {
      let merge = try #require(StrategicMergePatch(apiVersion: version, kind: kind))
      // Merging an object into itself adds nothing where the lists are keyed, and merging a deletion empties them.
      let object = try parse(text)
      #expect(try merge.apply(object, to: object).text == text)
      let deletion = try parse(text.replacing("}]", with: #","$patch":"delete"}]"#))
      #expect(try merge.apply(deletion, to: object).text.contains("[]"), "\(kind)")
    }
  }

  @Test("is not for custom kinds", arguments: ["game.kruise.io/v1alpha1", "apps.kruise.io/v1beta1"])
  func refusesCustomKinds(_ version: String) {
    #expect(StrategicMergePatch(apiVersion: version, kind: "StatefulSet") == nil)
  }
}
